package org.postbus.delivery.relay;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.postbus.consumer.FailureKind;
import org.postbus.delivery.queue.Attempt;
import org.postbus.delivery.queue.Outcomes;
import org.postbus.events.FaultPoint;

/**
 * Records what came of attempts: one thread for all sessions, so that what comes while a transaction is written makes the next
 * one. While PostgreSQL does not answer, outcomes wait here; what waits is bounded by what is claimed.
 */
final class Recorder implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Recorder.class);
    private static final int BATCH = 500;
    private static final int MOST_WAITING = 2 * BATCH;
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Outcomes outcomes;
    private final RelayMetrics metrics;
    private final Consumer<Transmission> done;
    private final BlockingQueue<Done> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean stuck;
    private volatile boolean closing;
    private Thread thread;

    /** A transmission and what came of it. */
    record Done(Transmission transmission, Attempt attempt) {
    }

    /** @param done is told what is no longer in hand */
    Recorder(Outcomes outcomes, RelayMetrics metrics, Consumer<Transmission> done) {
        this.outcomes = outcomes;
        this.metrics = metrics;
        this.done = done;
    }

    void start() {
        thread = Thread.ofPlatform().name("delivery-recorder").daemon(true).start(this::run);
    }

    void record(Transmission transmission, Attempt attempt) {
        waiting.incrementAndGet();
        queue.add(new Done(transmission, attempt));
    }

    /** Its claim was lost: whoever has it now attempts it. */
    void forget(Transmission transmission) {
        done.accept(transmission);
    }

    /**
     * Returns when outcomes are recorded as fast as they come: what is sent while they are not would be sent again by whoever comes
     * after this process. Blocks, for virtual threads.
     */
    void awaitKeepingUp() throws InterruptedException {
        while (!closing && (stuck || waiting.get() >= MOST_WAITING)) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Outcomes that do not stand in PostgreSQL yet. */
    int waiting() {
        return waiting.get();
    }

    private void run() {
        try {
            while (!closing || !queue.isEmpty()) {
                Done first = queue.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    List<Done> batch = new ArrayList<>(List.of(first));
                    queue.drainTo(batch, BATCH - 1);
                    record(batch);
                    waiting.addAndGet(-batch.size());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void record(List<Done> batch) throws InterruptedException {
        try {
            recordUntilItStands(batch);
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "outcomes of %d attempts cannot be recorded", batch.size());
            alone(batch);
            return;
        }
        FaultPoint.RELAY_RECORDED.reached();
        for (Done one : batch) {
            try {
                metrics.recorded(one.attempt());
            } finally {
                done.accept(one.transmission());
            }
        }
    }

    private void recordUntilItStands(List<Done> batch) throws InterruptedException {
        boolean stands = false;
        while (!stands) {
            try {
                outcomes.record(batch.stream().map(Done::attempt).toList());
                stands = true;
                stuck = false;
            } catch (SQLException e) {
                if (FailureKind.of(e) == FailureKind.DATA) {
                    throw new IllegalArgumentException(e);
                }
                stuck = true;
                LOG.warnf("outcomes of %d attempts are not recorded yet: %s", batch.size(), e.getMessage());
                TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
            }
        }
    }

    /** One that nobody has thought of must not hold up the others: it is claimed until this instance ends. */
    private void alone(List<Done> batch) throws InterruptedException {
        stuck = false;
        if (batch.size() > 1) {
            for (Done one : batch) {
                record(List.of(one));
            }
        }
    }

    /** Records what there is, some seconds at most; what is left then is attempted again by whoever claims it. */
    @Override
    public void close() throws InterruptedException {
        closing = true;
        if (thread != null) {
            thread.join(Duration.ofSeconds(10));
            thread.interrupt();
            thread.join();
        }
    }
}
