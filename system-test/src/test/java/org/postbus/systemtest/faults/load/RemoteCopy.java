package org.postbus.systemtest.faults.load;

import java.time.Duration;

/**
 * A mail that a server elsewhere has taken for one recipient.
 *
 * @param answered whether 250 was written; else the connection was closed without a word
 * @param at       before the 250, by {@link System#nanoTime}
 */
public record RemoteCopy(RemoteClient client, boolean answered, long at) {

    /** What was answered longer ago than this before its sender died was certainly recorded. */
    private static final Duration RECORDED_WITHIN = Duration.ofSeconds(10);

    /** Why there may be another copy after this one. */
    public enum Excuse { NONE, NO_ANSWER, CLIENT_DIED, FORGOTTEN }

    /** Only a client that never learned of this copy, or died before it can have written that down, may send another. */
    public Excuse excuse() {
        if (!answered) {
            return Excuse.NO_ANSWER;
        }
        return client.diedWithin(RECORDED_WITHIN, at) ? Excuse.CLIENT_DIED : Excuse.NONE;
    }
}
