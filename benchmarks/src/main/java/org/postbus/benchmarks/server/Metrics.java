package org.postbus.benchmarks.server;

import java.util.stream.Stream;

/** Reads the Prometheus text format. */
final class Metrics {

    private Metrics() {}

    /** The sum over all label sets of a metric. */
    static long sum(Stream<String> lines, String name) {
        return sum(lines, name, "");
    }

    /** @param label {@code name="value"}, which counted label sets have */
    static long sum(Stream<String> lines, String name, String label) {
        return (long) lines.filter(line -> isOf(line, name) && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static boolean isOf(String line, String name) {
        return line.startsWith(name) && line.length() > name.length() && " {".indexOf(line.charAt(name.length())) >= 0;
    }
}
