package org.postbus.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Client sessions that work at the same time, each on a thread of its own, and what they counted. */
final class Sessions {

    /** A session; ends when its pace does. */
    interface Session {
        void run(int number) throws IOException;
    }

    /** Microseconds, 1 to 10 minutes. */
    private final Histogram latency = new ConcurrentHistogram(1, 600_000_000L, 3);
    private final LongAdder done = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder broken = new LongAdder();
    private final AtomicLong lastDone = new AtomicLong();
    private volatile IOException failure;

    /** Runs so many of them and returns when all have ended. */
    void run(int count, Session session) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            int number = n;
            threads.add(Thread.ofPlatform().name("session-" + n).start(() -> runOne(session, number)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** One piece of work was answered well. */
    void done(long intended) {
        long now = System.nanoTime();
        latency.recordValue(Math.max(1, (now - intended) / 1000));
        done.increment();
        lastDone.accumulateAndGet(now, Math::max);
    }

    void refused() {
        refused.increment();
    }

    long count() {
        return done.sum();
    }

    long refusals() {
        return refused.sum() + broken.sum();
    }

    /** When the last of them was answered, by the monotonic clock. */
    long lastDone() {
        return lastDone.get();
    }

    Histogram latency() {
        return latency;
    }

    /** A load in which nothing at all succeeds is no measurement. */
    void requireSome() throws IOException {
        if (count() == 0) {
            throw new IOException("nothing succeeded: %d refused, %d sessions broken".formatted(refused.sum(), broken.sum()), failure);
        }
    }

    private void runOne(Session session, int number) {
        try {
            session.run(number);
        } catch (IOException e) {
            broken.increment();
            failure = e;
        }
    }
}
