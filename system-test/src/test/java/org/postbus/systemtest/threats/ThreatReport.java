package org.postbus.systemtest.threats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.postbus.systemtest.Ports;

/**
 * Writes a table of all rows at the end of the run: to the console, and to {@code target/threats/report.md}. Where two JVMs
 * share the tests each has a table of its rows, the second in {@code report-2.md}.
 */
public final class ThreatReport implements BeforeAllCallback {

    private static final Path FILE = Path.of("target", "threats", Ports.SHARE == 1 ? "report.md" : "report-" + Ports.SHARE + ".md");
    private static final List<Line> LINES = Collections.synchronizedList(new ArrayList<>());

    /** What one row came to. */
    record Line(String row, int attacks, int wrong) {

        private char letter() {
            return row.charAt(0);
        }

        private int number() {
            return Integer.parseInt(row.substring(1).replaceAll("\\D.*", ""));
        }
    }

    private record AtTheEnd() implements AutoCloseable {
        @Override
        public void close() throws IOException {
            String table = table();
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, table);
            System.out.println(table);
        }
    }

    static void add(Line line) {
        LINES.add(line);
    }

    @Override
    public void beforeAll(ExtensionContext tests) {
        tests.getStore(StoreScope.LAUNCHER_SESSION, ExtensionContext.Namespace.create(ThreatReport.class))
                .computeIfAbsent(AtTheEnd.class, ignored -> new AtTheEnd());
    }

    private static String table() {
        String form = Extent.LONG ? "long" : "short";
        return LINES.stream().sorted(Comparator.comparing(Line::letter).thenComparing(Line::number))
                .map(line -> "| " + line.row() + " | " + line.attacks() + " | " + line.wrong() + " |\n")
                .collect(Collectors.joining("", "Threats, " + form + " form, seed " + Extent.SEED
                        + "\n\n| row | attacks sent | wrong answers |\n|---|---|---|\n", ""));
    }
}
