package org.postbus.pop3gateway;

import java.time.Duration;

/**
 * The lock of a maildrop as this gateway may believe in it: a lease that counts by this machine's monotonic clock from
 * before it was asked for, so that it never ends later here than at mailbox-service.
 */
final class Lease {

    private final long lengthNanos;
    private long endsAt;
    private boolean fenced;

    /** @param askedAt {@link System#nanoTime} before the request left */
    Lease(long askedAt, Duration length) {
        this.lengthNanos = length.toNanos();
        this.endsAt = askedAt + lengthNanos;
    }

    /** @param askedAt {@link System#nanoTime} before the request left */
    void renewed(long askedAt) {
        endsAt = askedAt + lengthNanos;
    }

    /** Another session has the lock, or the session is closed: it will not come back. */
    void fence() {
        fenced = true;
    }

    /** Whether it is held for more than this time from now. */
    boolean heldFor(Duration time) {
        return !fenced && endsAt - System.nanoTime() > time.toNanos();
    }

    /** How often to renew: a failed renewal has two more chances. */
    Duration renewEvery() {
        return Duration.ofNanos(lengthNanos / 3);
    }
}
