package org.postbus.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postbus.benchmarks.load.Catalogue;
import org.postbus.benchmarks.load.Effort;

/** The folder of results: the measurements as they come, and at the end the table, JSON and a page. */
public final class Report {

    private final Path folder;
    private final String machine;
    private final Path measurements;
    private final Results results;

    private Report(Path folder, String machine, Results results) {
        this.folder = folder;
        this.machine = machine;
        this.measurements = measurements(folder);
        this.results = results;
    }

    /** @param added whether measurements that are there already stay; else they go */
    public static Report in(Path folder, boolean added, String machine) throws IOException {
        Files.createDirectories(folder);
        if (!added) {
            Files.deleteIfExists(measurements(folder));
            Files.deleteIfExists(notes(folder));
        }
        return new Report(folder, machine, Results.read(measurements(folder)));
    }

    public void add(Measurement measurement) throws IOException {
        results.append(measurement, measurements);
    }

    /** Writes all forms of it and returns the table. */
    public String write(Effort effort, List<String> notes) throws IOException {
        Map<String, String> titles = new LinkedHashMap<>();
        Catalogue.all().forEach(load -> titles.put(load.name(), load.title()));
        Context context = new Context(Instant.now(), machine, words(effort), titles, all(notes));
        String table = TextTable.of(results, context);
        Files.writeString(folder.resolve("bench.txt"), table);
        Files.writeString(folder.resolve("bench.json"), Json.of(results, context));
        Files.writeString(folder.resolve("bench.html"), HtmlPage.of(results, context));
        return table;
    }

    /** With those of former runs whose measurements count, each once. */
    private List<String> all(List<String> notes) throws IOException {
        Path file = notes(folder);
        Set<String> all = new LinkedHashSet<>(Files.exists(file) ? Files.readAllLines(file) : List.of());
        all.addAll(notes);
        Files.write(file, all);
        return List.copyOf(all);
    }

    private static String words(Effort effort) {
        return ("each load for %s s; %d idle sessions, LIST of %d messages, download of %d in each maildrop, %d thousand recipients"
                + " deferred; medians of all rounds")
                .formatted(Numbers.text(effort.seconds()), effort.sessions(), effort.listed(), effort.downloaded(),
                        effort.deferred());
    }

    private static Path notes(Path folder) {
        return folder.resolve("notes.txt");
    }

    private static Path measurements(Path folder) {
        return folder.resolve("measurements.tsv");
    }
}
