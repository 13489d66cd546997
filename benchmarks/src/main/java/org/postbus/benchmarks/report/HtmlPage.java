package org.postbus.benchmarks.report;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.postbus.benchmarks.load.Figure;

/** One page that needs nothing else: goals, plots, every figure, and what it all stands on. */
final class HtmlPage {

    private static final String STYLE = """
            :root { --back: #fff; --ink: #1b1f24; --soft: #606a76; --rule: #dde1e6; --first: #1f6fb2; --second: #d98324;
              --good: #1a7f37; --bad: #b42318 }
            @media (prefers-color-scheme: dark) { :root { --back: #15181c; --ink: #e6e9ed; --soft: #9aa4b0; --rule: #333a42;
              --first: #58a6e8; --second: #eda24b; --good: #4cc26b; --bad: #ff7b72 } }
            body { background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; max-width: 1040px;
              margin: 2em auto; padding: 0 1em }
            h2 { margin-top: 2em } h3 { margin-bottom: .3em }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums }
            th, td { text-align: right; padding: .15em .8em; border-bottom: 1px solid var(--rule) }
            th:first-child, td:first-child, td.figure, th.figure { text-align: left }
            svg { width: 100%; height: auto; font: 12px system-ui, sans-serif }
            .label, .soft { fill: var(--soft); color: var(--soft) } .number { fill: var(--ink) }
            .series0 { fill: var(--first) } .series1 { fill: var(--second) } .dot { fill: var(--ink) }
            .line0 { stroke: var(--first) } .line1 { stroke: var(--second) } .line0, .line1 { fill: none; stroke-width: 2 }
            .grid { stroke: var(--rule) } .met { color: var(--good) } .not { color: var(--bad) }
            .key0::before, .key1::before { content: "\\25A0\\00A0" } .key0::before { color: var(--first) }
            .key1::before { color: var(--second) } .wide { overflow-x: auto }
            """;

    private final Results results;
    private final Context context;

    private HtmlPage(Results results, Context context) {
        this.results = results;
        this.context = context;
    }

    static String of(Results results, Context context) {
        HtmlPage page = new HtmlPage(results, context);
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Postbus bench</title>\n<style>\n" + STYLE
                + "</style>\n<h1>Postbus bench</h1>\n" + page.about() + page.goals() + page.plots() + page.figures() + "</html>\n";
    }

    private String about() {
        String notes = context.notes().stream().map(note -> "<li>" + Svg.escaped(note) + "\n").collect(Collectors.joining());
        return "<p>" + Svg.escaped(context.machine()) + "<br>\n" + Svg.escaped(context.effort()) + "<br>\n"
                + Svg.escaped(context.time().toString()) + "\n<ul>\n" + notes + "</ul>\n";
    }

    private String goals() {
        return results.peers().stream()
                .map(peer -> "<h2>Goals: Postbus to " + Svg.escaped(peer) + "</h2>\n<div class=\"wide\"><table>\n"
                        + "<tr><th>figure<th>ratio<th>wanted<th>\n"
                        + Goal.ALL.stream().map(goal -> goal(goal, peer)).collect(Collectors.joining()) + "</table></div>\n")
                .collect(Collectors.joining());
    }

    private String goal(Goal goal, String peer) {
        Goal.Verdict verdict = goal.verdict(results, peer);
        String look = switch (verdict) {
            case MET -> "met";
            case NOT_MET -> "not";
            case NOT_MEASURED -> "soft";
        };
        return "<tr><td>" + Svg.escaped(goal.title()) + "<td>" + Numbers.text(goal.measured(results, peer))
                + "<td>" + Svg.escaped(goal.target()) + "<td class=\"" + look + "\">" + TextTable.words(verdict) + "\n";
    }

    private String plots() {
        StringBuilder plots = new StringBuilder("<h2>Plots</h2>\n<p>");
        for (int n = 0; n < results.servers().size(); n++) {
            plots.append("<span class=\"key%d\">%s</span>&emsp;".formatted(n, Svg.escaped(results.servers().get(n))));
        }
        plots.append("<span class=\"soft\">bars: medians; dots: rounds</span>\n");
        for (Figure figure : List.of(Figure.ACCEPTED, Figure.FILED, Figure.RELAYED, Figure.ACCEPTED_MB, Figure.FILED_MB, Figure.POLLS,
                Figure.MESSAGES, Figure.LIST_MS, Figure.SESSION_KB, Figure.CPU_MS, Figure.BACKLOG, Figure.GENERATOR_SHARE)) {
            plot(figure.title(), Bars.of(results, context, figure, loadsFor(figure)), plots);
        }
        for (String load : results.loads()) {
            if (load.startsWith("latency")) {
                plot("from the intended start of a mail to its 250: " + context.title(load), Latencies.of(results, load), plots);
            }
        }
        return plots.toString();
    }

    /** Large mail is counted in MB, as its few mails a second show nothing beside the others. */
    private List<String> loadsFor(Figure figure) {
        boolean ofMails = figure == Figure.ACCEPTED || figure == Figure.FILED || figure == Figure.CPU_MS;
        return results.loads().stream()
                .filter(load -> !ofMails || !results.figures(load).contains(Figure.ACCEPTED_MB))
                .toList();
    }

    private static void plot(String title, String svg, StringBuilder plots) {
        if (!svg.isEmpty()) {
            plots.append("<h3>").append(Svg.escaped(title)).append("</h3>\n").append(svg);
        }
    }

    private String figures() {
        StringBuilder rows = new StringBuilder(
                "<h2>All figures</h2>\n<div class=\"wide\"><table>\n<tr><th>load<th class=\"figure\">figure");
        results.servers().forEach(server -> rows.append("<th>").append(Svg.escaped(server)));
        rows.append("<th>ratio\n");
        for (String load : results.loads()) {
            String first = context.title(load);
            for (Figure figure : results.figures(load)) {
                rows.append("<tr><td>%s<td class=\"figure\">%s".formatted(Svg.escaped(first), Svg.escaped(figure.title())));
                for (String server : results.servers()) {
                    rows.append("<td>").append(Numbers.text(results.median(load, server, figure)));
                }
                rows.append("<td>").append(Numbers.text(ratio(load, figure))).append('\n');
                first = "";
            }
        }
        return rows.append("</table></div>\n").toString();
    }

    private OptionalDouble ratio(String load, Figure figure) {
        return results.peers().isEmpty() ? OptionalDouble.empty() : results.ratio(load, results.peers().getFirst(), figure);
    }
}
