package org.postbus.delivery.relay;

import java.util.Optional;

/**
 * Breaks off what a session does with remotes, from another thread: the connection that it has or is about to make, and any after
 * that. Safe for all threads.
 */
final class Breaker {

    private Optional<SmtpConnection> latest = Optional.empty();
    private boolean broken;

    /** A connection begins. */
    synchronized void over(SmtpConnection connection) {
        latest = Optional.of(connection);
        if (broken) {
            connection.close();
        }
    }

    synchronized void breakOff() {
        broken = true;
        latest.ifPresent(SmtpConnection::close);
    }

    synchronized boolean isBroken() {
        return broken;
    }
}
