package org.postbus.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.postbus.benchmarks.load.Figure;

/** A plot of percentiles as SVG: a line for each server over p50 to the slowest, on a logarithmic scale. */
final class Latencies {

    private static final List<Figure> PERCENTILES =
            List.of(Figure.P50_MS, Figure.P90_MS, Figure.P99_MS, Figure.P999_MS, Figure.MAX_MS);
    private static final double WIDTH = 620;
    private static final double HEIGHT = 260;
    private static final double LEFT = 70;
    private static final double TOP = 12;

    private final Results results;
    private final String load;
    /** Powers of ten in milliseconds between which all values lie. */
    private final int lowest;
    private final int highest;

    private Latencies(Results results, String load) {
        this.results = results;
        this.load = load;
        double[] values = PERCENTILES.stream()
                .flatMapToDouble(figure -> results.servers().stream()
                        .flatMapToDouble(server -> results.median(load, server, figure).stream()))
                .filter(value -> value > 0)
                .toArray();
        this.lowest = (int) Math.floor(Math.log10(DoubleStream.of(values).min().orElse(1)));
        this.highest = Math.max(lowest + 1, (int) Math.ceil(Math.log10(DoubleStream.of(values).max().orElse(10))));
    }

    /** Empty where the load was not measured. */
    static String of(Results results, String load) {
        return results.loads().contains(load) ? new Latencies(results, load).svg() : "";
    }

    private String svg() {
        List<String> parts = new ArrayList<>();
        for (int power = lowest; power <= highest; power++) {
            double value = Math.pow(10, power);
            parts.add(Svg.line("grid", LEFT, y(value), LEFT + WIDTH, y(value)));
            parts.add(Svg.text("label", LEFT - 8, y(value) + 4, "end", Numbers.text(value) + " ms"));
        }
        for (int n = 0; n < PERCENTILES.size(); n++) {
            parts.add(Svg.text("label", x(n), TOP + HEIGHT + 18, "middle", PERCENTILES.get(n).title().replace(" ms", "")));
        }
        for (int n = 0; n < results.servers().size(); n++) {
            line(n, parts);
        }
        return Svg.image(LEFT + WIDTH + 60, TOP + HEIGHT + 26, "latency of " + load, parts);
    }

    private void line(int server, List<String> parts) {
        List<Double> points = new ArrayList<>();
        for (int n = 0; n < PERCENTILES.size(); n++) {
            OptionalDouble value = results.median(load, results.servers().get(server), PERCENTILES.get(n));
            if (value.isPresent()) {
                points.addAll(List.of(x(n), y(value.getAsDouble())));
                parts.add(Svg.dot(x(n), y(value.getAsDouble())));
                parts.add(Svg.text("number", x(n) + 5, y(value.getAsDouble()) - 5, "start", Numbers.text(value)));
            }
        }
        if (!points.isEmpty()) {
            parts.add(Svg.path("line" + server, points));
        }
    }

    private double x(int percentile) {
        return LEFT + 20 + percentile * (WIDTH - 40) / (PERCENTILES.size() - 1);
    }

    private double y(double value) {
        double share = (Math.log10(Math.max(value, Math.pow(10, lowest))) - lowest) / (highest - lowest);
        return TOP + HEIGHT * (1 - share);
    }
}
