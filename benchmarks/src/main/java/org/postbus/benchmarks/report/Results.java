package org.postbus.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.postbus.benchmarks.load.Figure;

/** All measurements so far, and what stands out of them. */
public final class Results {

    /** The server that is compared with the others. */
    public static final String OURS = "postbus";

    private final List<Measurement> measurements = new ArrayList<>();

    /** Those that {@link #append} put there. */
    public static Results read(Path file) throws IOException {
        Results results = new Results();
        if (Files.exists(file)) {
            Files.readAllLines(file).stream().map(Measurement::parse).forEach(results.measurements::add);
        }
        return results;
    }

    /** Adds one and puts it at the end of the file. */
    public void append(Measurement measurement, Path file) throws IOException {
        add(measurement);
        Files.writeString(file, measurement.line() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** A few figures in one line, while a run goes on. */
    public static String headline(Map<Figure, Double> figures) {
        return figures.entrySet().stream()
                .map(one -> one.getKey().title() + " " + Numbers.text(one.getValue()))
                .collect(Collectors.joining(", "));
    }

    void add(Measurement measurement) {
        measurements.add(measurement);
    }

    List<Measurement> measurements() {
        return measurements;
    }

    /** Names of those measured, ours first. */
    List<String> servers() {
        return measurements.stream()
                .map(Measurement::server)
                .distinct()
                .sorted(Comparator.comparing(server -> !server.equals(OURS)))
                .toList();
    }

    List<String> peers() {
        return servers().stream().filter(server -> !server.equals(OURS)).toList();
    }

    List<String> loads() {
        return measurements.stream().map(Measurement::load).distinct().toList();
    }

    Set<Figure> figures(String load) {
        Set<Figure> figures = EnumSet.noneOf(Figure.class);
        measurements.stream().filter(one -> one.load().equals(load)).forEach(one -> figures.addAll(one.figures().keySet()));
        return figures;
    }

    /** Of all rounds. */
    OptionalDouble median(String load, String server, Figure figure) {
        double[] sorted = values(load, server, figure).sorted().toArray();
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }

    DoubleStream values(String load, String server, Figure figure) {
        return measurements.stream()
                .filter(one -> one.load().equals(load) && one.server().equals(server) && one.figures().containsKey(figure))
                .mapToDouble(one -> one.figures().get(figure));
    }

    /** Our median over another server's; nothing where one of them was not measured. */
    OptionalDouble ratio(String load, String peer, Figure figure) {
        OptionalDouble ours = median(load, OURS, figure);
        OptionalDouble theirs = median(load, peer, figure);
        if (ours.isEmpty() || theirs.isEmpty() || theirs.getAsDouble() == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(ours.getAsDouble() / theirs.getAsDouble());
    }
}
