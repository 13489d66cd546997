package org.postbus.systemtest.faults.load;

import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListSet;

/** A relay, by the name that it gives at EHLO through all its lives, and when it died. Safe for all threads. */
final class RemoteClient {

    private final ConcurrentSkipListSet<Long> deaths = new ConcurrentSkipListSet<>();

    /** One of its connections ended without QUIT, and not by this side: all of them do when the process dies. */
    void died() {
        deaths.add(System.nanoTime());
    }

    /** Whether it died so soon after a time of {@link System#nanoTime}. */
    boolean diedWithin(Duration time, long since) {
        Long next = deaths.ceiling(since);
        return next != null && next - since < time.toNanos();
    }
}
