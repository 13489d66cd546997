package org.postbus.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.postbus.benchmarks.load.Figure;

/** The figures for a terminal: a line for each figure of each load, with one column for each server, and the goals. */
public final class TextTable {

    private TextTable() {}

    public static String of(Results results, Context context) {
        StringBuilder text = new StringBuilder();
        text.append(context.machine()).append('\n').append(context.effort()).append("\n\n");
        context.notes().forEach(note -> text.append("- ").append(note).append('\n'));
        text.append('\n').append(aligned(figures(results, context)));
        text.append('\n').append(aligned(goals(results)));
        return text.toString();
    }

    private static List<List<String>> figures(Results results, Context context) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("load", "figure"));
        head.addAll(results.servers());
        head.add("ratio");
        rows.add(head);
        for (String load : results.loads()) {
            String first = load + ": " + context.title(load);
            for (Figure figure : results.figures(load)) {
                rows.add(row(results, load, first, figure));
                first = "";
            }
        }
        return rows;
    }

    private static List<String> row(Results results, String load, String first, Figure figure) {
        List<String> row = new ArrayList<>(List.of(first, figure.title()));
        OptionalDouble ratio = OptionalDouble.empty();
        for (String server : results.servers()) {
            row.add(Numbers.text(results.median(load, server, figure)));
            if (!server.equals(Results.OURS)) {
                ratio = results.ratio(load, server, figure);
            }
        }
        row.add(Numbers.text(ratio));
        return row;
    }

    private static List<List<String>> goals(Results results) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("goal", "ratio", "wanted", ""));
        for (String peer : results.peers()) {
            Goal.ALL.forEach(goal -> rows.add(List.of(goal.title(), Numbers.text(goal.measured(results, peer)),
                    goal.target(), words(goal.verdict(results, peer)))));
        }
        return rows.size() == 1 ? List.of() : rows;
    }

    static String words(Goal.Verdict verdict) {
        return switch (verdict) {
            case MET -> "met";
            case NOT_MET -> "not met";
            case NOT_MEASURED -> "not measured";
        };
    }

    /** Columns as wide as their widest word; all but the first stand to the right. */
    private static String aligned(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream().mapToInt(other -> other.get(at).length()).max().orElse(0);
                String word = row.get(column);
                String space = " ".repeat(width - word.length());
                line.append(column < 2 ? word + space : space + word).append("  ");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
