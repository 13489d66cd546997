package org.postbus.delivery.relay;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** A thread that does one thing again and again. */
final class Ticker implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Ticker.class);

    private final String name;
    private final Duration each;
    private final BooleanSupplier round;
    private final Semaphore bell = new Semaphore(0);
    private volatile boolean closing;
    private Thread thread;

    /** @param round whether there is more to do at once */
    Ticker(String name, Duration each, BooleanSupplier round) {
        this.name = name;
        this.each = each;
        this.round = round;
    }

    void start() {
        thread = Thread.ofPlatform().name(name).daemon(true).start(this::run);
    }

    /** Does not wait for the next time. */
    void wake() {
        bell.release();
    }

    private void run() {
        try {
            while (!closing) {
                if (!roundGoesOn()) {
                    bell.tryAcquire(each.toNanos(), TimeUnit.NANOSECONDS);
                    bell.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean roundGoesOn() {
        try {
            return round.getAsBoolean();
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "%s: a round failed in a way that nobody has thought of; the next one comes", name);
            return false;
        }
    }

    /** The round in hand is finished. */
    @Override
    public void close() throws InterruptedException {
        closing = true;
        bell.release();
        if (thread != null) {
            thread.join();
        }
    }
}
