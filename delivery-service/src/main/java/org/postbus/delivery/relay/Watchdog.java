package org.postbus.delivery.relay;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends the wait for a remote that does not read: a write knows no time-out, but it ends with its socket. */
final class Watchdog implements AutoCloseable {

    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private final ScheduledFuture<?> bite;

    private Watchdog(ScheduledFuture<?> bite) {
        this.bite = bite;
    }

    /** Closes the socket then, unless it is closed itself before. */
    static Watchdog over(Socket socket, Duration atMost) {
        return new Watchdog(TIMER.schedule(() -> end(socket), atMost.toMillis(), TimeUnit.MILLISECONDS));
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use either way.
        }
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
                Thread.ofPlatform().name("relay-watchdog").daemon(true).factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    @Override
    public void close() {
        bite.cancel(false);
    }
}
