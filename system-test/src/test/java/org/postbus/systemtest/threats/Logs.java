package org.postbus.systemtest.threats;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.postbus.systemtest.RunningPlatform;

/** All that a platform tells people: its console, and every file below its {@code logs}. */
record Logs(RunningPlatform platform) {

    /** As UTF-8; what is none shows as U+FFFD. */
    List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>(List.of(platform.printed()));
        try (Stream<Path> files = Files.walk(platform.data().resolve("logs"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.add(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            }
        }
        return texts;
    }
}
