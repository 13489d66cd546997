package org.postbus.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.Map;

/** The members of one JSON object, in their order. */
final class Members {

    private final Map<String, Object> values = new LinkedHashMap<>();

    Members with(String name, Object value) {
        values.put(name, value);
        return this;
    }

    Map<String, Object> values() {
        return values;
    }
}
