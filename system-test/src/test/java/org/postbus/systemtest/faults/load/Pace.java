package org.postbus.systemtest.faults.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** So many turns a second for all clients together. What an outage held up is not made up for. */
final class Pace {

    private static final long LATE_AT_MOST = TimeUnit.MILLISECONDS.toNanos(500);

    private final long step;
    private final AtomicLong next = new AtomicLong(System.nanoTime());

    Pace(int perSecond) {
        this.step = TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    /** Returns when it is the caller's turn. */
    void await() throws InterruptedException {
        long now = System.nanoTime();
        long turn = next.getAndUpdate(before -> Math.max(before, now - LATE_AT_MOST) + step);
        if (turn - now > 0) {
            TimeUnit.NANOSECONDS.sleep(turn - now);
        }
    }
}
