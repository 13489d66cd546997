package org.postbus.systemtest.faults.check;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where poison was put, as {@code topic-partition@offset}. */
public final class Poison {

    private final Set<String> put = ConcurrentHashMap.newKeySet();
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    public void put(String topic, int partition, long offset) {
        put.add(topic + "-" + partition + "@" + offset);
    }

    Set<String> put() {
        return put;
    }

    /** Whether a dead letter was not complained of before. */
    boolean isNews(String where) {
        return reported.add(where);
    }
}
