package org.postbus.systemtest.threats;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postbus.systemtest.RunningPlatform;

/** What a platform holds outside its heap for its connections: octets that wait for a peer to take them are there. */
record DirectMemory(RunningPlatform platform) {

    private static final Pattern USED =
            Pattern.compile("(?m)^netty_allocator_memory_used\\{[^}]*memory_type=\"direct\"[^}]*} ([0-9.E+]+)$");

    long kib() {
        Matcher used = USED.matcher(platform.admin().send("GET", "/q/metrics", "").body());
        double octets = 0;
        while (used.find()) {
            octets += Double.parseDouble(used.group(1));
        }
        if (octets == 0) {
            throw new AssertionError("no direct memory found");
        }
        return (long) (octets / 1024);
    }
}
