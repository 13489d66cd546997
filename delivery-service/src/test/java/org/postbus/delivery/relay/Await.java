package org.postbus.delivery.relay;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, with a bound. */
public final class Await {

    private static final Duration BOUND = Duration.ofSeconds(30);

    private Await() {
    }

    public static void until(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + BOUND.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it has not come about within " + BOUND);
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
