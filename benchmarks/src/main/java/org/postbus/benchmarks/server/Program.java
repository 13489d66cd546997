package org.postbus.benchmarks.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs of the system that are run to their end. */
final class Program {

    private Program() {}

    /** What it wrote, standard error included; fails unless its exit status is 0. */
    static String run(String... words) throws IOException, InterruptedException {
        return run(Map.of(), List.of(words));
    }

    static String run(Map<String, String> environment, List<String> words) throws IOException, InterruptedException {
        // By a file: a daemon that it leaves behind may hold a pipe open for ever.
        Path written = Files.createTempFile("bench", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(written.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", words) + " did not end within 5 minutes");
            }
            String output = Files.readString(written, StandardCharsets.ISO_8859_1).strip();
            if (process.exitValue() != 0) {
                throw new IOException(String.join(" ", words) + ": exit status " + process.exitValue() + ": " + output);
            }
            return output;
        } finally {
            Files.deleteIfExists(written);
        }
    }
}
