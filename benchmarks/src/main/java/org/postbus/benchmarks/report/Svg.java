package org.postbus.benchmarks.report;

import java.util.List;
import java.util.Locale;

/** The few elements that the plots are made of. */
final class Svg {

    private Svg() {}

    /** @param title what a screen reader says */
    static String image(double width, double height, String title, List<String> parts) {
        return "<svg viewBox=\"0 0 " + number(width) + " " + number(height) + "\" role=\"img\" aria-label=\"" + escaped(title)
                + "\" xmlns=\"http://www.w3.org/2000/svg\">\n" + String.join("\n", parts) + "\n</svg>\n";
    }

    static String text(String look, double x, double y, String anchor, String words) {
        return "<text class=\"" + look + "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\">"
                + escaped(words) + "</text>";
    }

    /** @param hint shown under the pointer */
    static String bar(String look, double x, double y, double width, double height, String hint) {
        return "<rect class=\"" + look + "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width)
                + "\" height=\"" + number(height) + "\"><title>" + escaped(hint) + "</title></rect>";
    }

    static String dot(double x, double y) {
        return "<circle class=\"dot\" cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"2\"/>";
    }

    static String line(String look, double x1, double y1, double x2, double y2) {
        return "<line class=\"" + look + "\" x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) + "\" y2=\""
                + number(y2) + "\"/>";
    }

    /** @param points x and y in turn */
    static String path(String look, List<Double> points) {
        StringBuilder path = new StringBuilder();
        for (int n = 0; n < points.size(); n += 2) {
            path.append(n == 0 ? "M" : " L").append(number(points.get(n))).append(' ').append(number(points.get(n + 1)));
        }
        return "<path class=\"" + look + "\" d=\"" + path + "\"/>";
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value).replaceFirst("\\.0$", "");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
