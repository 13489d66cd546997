package org.postbus.benchmarks.report;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the figures are to be read with.
 *
 * @param titles of the loads, by name
 * @param notes one line each: versions, settings and reasons
 */
public record Context(Instant time, String machine, String effort, Map<String, String> titles, List<String> notes) {

    String title(String load) {
        return titles.getOrDefault(load, load);
    }
}
