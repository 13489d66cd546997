package org.postbus.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.postbus.benchmarks.load.Figure;

/**
 * A plot of horizontal bars as SVG: a group for each load, in it a bar for each server, as long as the median, with a
 * dot for each round.
 */
final class Bars {

    private static final int LABELS = 340;
    private static final int WIDTH = 670;
    private static final int BAR = 13;
    private static final int GAP = 9;
    /** Right of the longest bar, for its number. */
    private static final int NUMBERS = 70;

    private final Results results;
    private final Context context;
    private final Figure figure;
    private final List<String> loads;

    private Bars(Results results, Context context, Figure figure, List<String> loads) {
        this.results = results;
        this.context = context;
        this.figure = figure;
        this.loads = loads;
    }

    /** Empty where none of the loads has the figure. */
    static String of(Results results, Context context, Figure figure, List<String> loads) {
        List<String> measured = loads.stream().filter(load -> results.figures(load).contains(figure)).toList();
        return measured.isEmpty() ? "" : new Bars(results, context, figure, measured).svg();
    }

    private String svg() {
        double most = loads.stream()
                .flatMapToDouble(load -> results.servers().stream().flatMapToDouble(server -> results.values(load, server, figure)))
                .max().orElse(1);
        List<String> parts = new ArrayList<>();
        int y = 4;
        for (String load : loads) {
            parts.add(Svg.text("label", LABELS - 8, y + BAR * results.servers().size() / 2.0 + 4, "end", context.title(load)));
            for (int n = 0; n < results.servers().size(); n++) {
                parts.add(bar(load, n, y, most));
                y += BAR;
            }
            y += GAP;
        }
        return Svg.image(LABELS + WIDTH, y, figure.title(), parts);
    }

    private String bar(String load, int server, int y, double most) {
        String name = results.servers().get(server);
        double[] rounds = results.values(load, name, figure).toArray();
        if (rounds.length == 0) {
            return "";
        }
        double median = results.median(load, name, figure).orElseThrow();
        StringBuilder bar = new StringBuilder();
        bar.append(Svg.bar("series" + server, LABELS, y, length(median, most), BAR - 2,
                context.title(load) + ", " + name + ": " + Numbers.text(median)));
        if (rounds.length > 1) {
            DoubleStream.of(rounds).forEach(one -> bar.append(Svg.dot(LABELS + length(one, most), y + BAR / 2.0 - 1)));
        }
        double end = length(DoubleStream.of(rounds).max().orElseThrow(), most);
        return bar.append(Svg.text("number", LABELS + end + 6, y + BAR - 3, "start", Numbers.text(median))).toString();
    }

    private static double length(double value, double most) {
        return most <= 0 ? 0 : Math.max(0, value) / most * (WIDTH - NUMBERS);
    }
}
