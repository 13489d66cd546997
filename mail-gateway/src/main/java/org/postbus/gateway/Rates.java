package org.postbus.gateway;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often each client may do a thing in a minute. Counts for one minute at a time; of more clients than it can count apart,
 * the late ones are not limited until the next. Thread-safe.
 */
public final class Rates {

    /** Clients that are counted apart. */
    private static final int MAX_CLIENTS = 100_000;
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final int perMinute;
    private final LongSupplier nanoTime;
    private Map<Object, Integer> counts = new HashMap<>();
    private long since;

    /** @param perMinute 0 for no limit */
    public Rates(int perMinute) {
        this(perMinute, System::nanoTime);
    }

    Rates(int perMinute, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /** Counts one more; false where that is one too many. */
    public synchronized boolean take(Object client) {
        if (perMinute == 0) {
            return true;
        }
        long now = nanoTime.getAsLong();
        if (now - since >= MINUTE_NANOS) {
            since = now;
            counts = new HashMap<>();
        }
        if (counts.size() >= MAX_CLIENTS && !counts.containsKey(client)) {
            return true;
        }
        return counts.merge(client, 1, Integer::sum) <= perMinute;
    }
}
