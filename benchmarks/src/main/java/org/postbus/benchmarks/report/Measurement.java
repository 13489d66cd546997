package org.postbus.benchmarks.report;

import java.util.EnumMap;
import java.util.Map;
import org.postbus.benchmarks.load.Figure;

/**
 * One load on one server in one round.
 *
 * @param load its name
 * @param server its name
 * @param round 1 and up
 */
public record Measurement(String load, String server, int round, Map<Figure, Double> figures) {

    /** One line of tab-separated words: a run that is interrupted leaves all it had. */
    String line() {
        StringBuilder line = new StringBuilder(load + "\t" + server + "\t" + round);
        figures.forEach((figure, value) -> line.append('\t').append(figure).append('=').append(value));
        return line.toString();
    }

    static Measurement parse(String line) {
        String[] words = line.split("\t");
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        for (int n = 3; n < words.length; n++) {
            int equals = words[n].indexOf('=');
            figures.put(Figure.valueOf(words[n].substring(0, equals)), Double.valueOf(words[n].substring(equals + 1)));
        }
        return new Measurement(words[0], words[1], Integer.parseInt(words[2]), figures);
    }
}
