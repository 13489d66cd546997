package org.postbus.benchmarks.report;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Writes records, lists, maps, numbers and texts as JSON. */
final class Json {

    private Json() {}

    /** All that was measured, the medians with their ratios, and the goals, as one document. */
    static String of(Results results, Context context) {
        return text(new Members()
                .with("time", context.time().toString())
                .with("machine", context.machine())
                .with("effort", context.effort())
                .with("notes", context.notes())
                .with("goals", results.peers().stream()
                        .flatMap(peer -> Goal.ALL.stream().map(goal -> goal(goal, results, peer)))
                        .toList())
                .with("loads", results.loads().stream().map(load -> load(load, results, context)).toList())
                .with("measurements", results.measurements().stream().map(Json::measurement).toList())
                .values()) + "\n";
    }

    private static Map<String, Object> goal(Goal goal, Results results, String peer) {
        return new Members()
                .with("goal", goal.title())
                .with("peer", peer)
                .with("load", goal.load())
                .with("figure", goal.figure().title())
                .with("wanted", goal.target())
                .with("ratio", goal.measured(results, peer))
                .with("verdict", TextTable.words(goal.verdict(results, peer)))
                .values();
    }

    private static Map<String, Object> load(String load, Results results, Context context) {
        Members medians = new Members();
        for (String server : results.servers()) {
            Members figures = new Members();
            results.figures(load).forEach(figure -> figures.with(figure.title(), results.median(load, server, figure)));
            medians.with(server, figures.values());
        }
        return new Members()
                .with("load", load)
                .with("title", context.title(load))
                .with("medians", medians.values())
                .with("keepsUp", results.servers().stream().filter(server -> Goal.keepsUp(results, load, server)).toList())
                .values();
    }

    private static Map<String, Object> measurement(Measurement one) {
        Members figures = new Members();
        one.figures().forEach((figure, value) -> figures.with(figure.title(), value));
        return new Members()
                .with("load", one.load())
                .with("server", one.server())
                .with("round", one.round())
                .with("figures", figures.values())
                .values();
    }

    static String text(Object value) {
        return switch (value) {
            case Map<?, ?> map -> map.entrySet().stream()
                    .map(entry -> text(entry.getKey().toString()) + ":" + text(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
            case List<?> list -> list.stream().map(Json::text).collect(Collectors.joining(",\n", "[", "]"));
            case OptionalDouble number -> number.isPresent() ? text(number.getAsDouble()) : "null";
            case Double number -> Double.isFinite(number) ? number.toString() : "null";
            case Integer number -> number.toString();
            default -> quoted(value.toString());
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
