package org.postbus.benchmarks.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** When the sessions of a load, all together, begin their next piece of work. */
interface Pace {

    long END = Long.MIN_VALUE;

    /** Waits for the next turn. Returns when it was meant to begin, by the monotonic clock, or {@link #END}. */
    long next();

    /** Each session goes on as soon as it has its answer: shows the highest rate. */
    static Pace asFastAsPossible(double seconds) {
        long deadline = System.nanoTime() + nanos(seconds);
        return () -> {
            long now = System.nanoTime();
            return now >= deadline ? END : now;
        };
    }

    /** Each session goes on as soon as it has its answer, for so many turns in all. */
    static Pace times(long turns) {
        AtomicLong left = new AtomicLong(turns);
        return () -> left.getAndDecrement() > 0 ? System.nanoTime() : END;
    }

    /**
     * Turns at equal distances, whether or not those before have been answered. Whoever counts from the turn's intended
     * beginning counts the wait that a slow server imposes on those behind, too (no coordinated omission).
     */
    static Pace atRate(double perSecond, double seconds) {
        long start = System.nanoTime() + nanos(0.01);
        long turns = (long) (perSecond * seconds);
        AtomicLong taken = new AtomicLong();
        return () -> {
            long turn = taken.getAndIncrement();
            if (turn >= turns) {
                return END;
            }
            long intended = start + (long) (turn * 1e9 / perSecond);
            for (long wait = intended - System.nanoTime(); wait > 0; wait = intended - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            return intended;
        };
    }

    /** As fast as possible, but nothing new while {@code full} says so. */
    static Pace whileNot(BooleanSupplier full, double seconds) {
        Pace fast = asFastAsPossible(seconds);
        return () -> {
            long turn = fast.next();
            while (turn != END && full.getAsBoolean()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                turn = fast.next();
            }
            return turn;
        };
    }

    /** As fast as possible, but not while more mails than that are accepted and not yet through. */
    static Pace within(int backlog, Sessions sessions, Filing filing, double seconds) {
        return backlog == SmtpLoad.NO_LIMIT
                ? asFastAsPossible(seconds)
                : whileNot(() -> sessions.count() - filing.filed() > backlog, seconds);
    }

    private static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }
}
