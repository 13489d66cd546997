package org.postbus.systemtest;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits on a condition with a bound. */
public final class Await {

    /** There was no answer within the limit. */
    public static final class TooLong extends AssertionError {

        private static final long serialVersionUID = 1L;

        TooLong(String message) {
            super(message);
        }
    }

    private Await() {}

    /** Asks until there is an answer; fails after the limit. */
    public static <T> T answer(String what, Duration limit, Callable<Optional<T>> question) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        Optional<T> answer = question.call();
        while (answer.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new TooLong("waited " + limit.toSeconds() + " s for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(100);
            answer = question.call();
        }
        return answer.get();
    }
}
