package org.postbus.consumer;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/** When to try again: at once, then later and later up to a cap, with jitter so that instances do not march in step. */
final class Backoff {

    private static final long FIRST = Duration.ofMillis(100).toNanos();
    private static final long LONGEST = Duration.ofSeconds(5).toNanos();

    private final LongSupplier nanoTime;
    private long wait;
    private long since;

    Backoff(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    boolean due() {
        return wait == 0 || nanoTime.getAsLong() - since >= wait;
    }

    void failed() {
        long longer = Math.clamp(wait * 2, FIRST, LONGEST);
        wait = longer - ThreadLocalRandom.current().nextLong(longer / 4);
        since = nanoTime.getAsLong();
    }

    void succeeded() {
        wait = 0;
    }
}
