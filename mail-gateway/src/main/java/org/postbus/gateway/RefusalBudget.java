package org.postbus.gateway;

import java.util.HashMap;
import java.util.Map;

/**
 * Decides which refusals are told one by one, so that a flood from one source cannot flood the trail. Counts for one
 * minute at a time: {@link #nextMinute} ends it. Thread-safe; bounded however many sources there are.
 */
final class RefusalBudget {

    /** Sources that are counted apart; refusals of all others share one count. */
    private static final int MAX_SOURCES = 10_000;
    static final String OTHERS = "";

    private final int perSource;
    private Map<String, Integer> refusals = new HashMap<>();

    RefusalBudget(int perSource) {
        this.perSource = perSource;
    }

    /** Counts a refusal; whether it is to be told by itself. */
    synchronized boolean tell(String source) {
        String counted = refusals.size() < MAX_SOURCES || refusals.containsKey(source) ? source : OTHERS;
        return refusals.merge(counted, 1, Integer::sum) <= perSource;
    }

    /** Begins to count anew. The result has, by source, how many refusals were not told. */
    synchronized Map<String, Integer> nextMinute() {
        Map<String, Integer> untold = new HashMap<>();
        refusals.forEach((source, count) -> {
            if (count > perSource) {
                untold.put(source, count - perSource);
            }
        });
        refusals = new HashMap<>();
        return untold;
    }
}
