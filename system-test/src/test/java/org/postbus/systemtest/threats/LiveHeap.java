package org.postbus.systemtest.threats;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postbus.systemtest.Launcher;
import org.postbus.systemtest.RunningPlatform;

/** What a platform's heap holds after a full collection: what an attack makes it keep, and not what it only made it touch. */
record LiveHeap(RunningPlatform platform) {

    private static final Pattern USED = Pattern.compile("\\btotal \\d+K, used (\\d+)K");

    long kib() {
        jcmd("GC.run");
        Matcher used = USED.matcher(jcmd("GC.heap_info"));
        long sum = 0;
        while (used.find()) {
            sum += Long.parseLong(used.group(1));
        }
        if (sum == 0) {
            throw new AssertionError("no heap found");
        }
        return sum;
    }

    private String jcmd(String command) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Launcher.Result result = Launcher.run(List.of(jcmd.toString(), String.valueOf(platform.pid()), command));
        if (result.status() != 0) {
            throw new AssertionError(result.output());
        }
        return result.output();
    }
}
