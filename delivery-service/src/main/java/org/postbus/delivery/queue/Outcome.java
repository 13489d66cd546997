package org.postbus.delivery.queue;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.postbus.delivery.dsn.Diagnostic;
import org.postbus.delivery.dsn.RemoteMta;

/**
 * What came of a claimed recipient.
 *
 * @param claim under which it was attempted; an outcome under a claim that was lost changes nothing
 * @param word  what to remember of it
 */
public record Outcome(UUID claim, QueuedRecipient recipient, Fate fate, Word word) {

    /**
     * What the remote said, or what there is to say without one.
     *
     * @param status    an enhanced status code (RFC 3463)
     * @param remoteMta who said it; empty for our own words
     */
    public record Word(String status, Optional<RemoteMta> remoteMta, Diagnostic diagnostic) {

        /** Our own word. */
        public static Word own(String status, String text) {
            return new Word(status, Optional.empty(), Diagnostic.own(text));
        }
    }

    /** What follows for the recipient. */
    public sealed interface Fate {
    }

    /**
     * It has left the queue for good: a remote took the mail.
     *
     * @param remoteTells whether the remote will tell of the delivery, where that was asked (RFC 3461, section 5.2.2)
     */
    public record Relayed(boolean remoteTells) implements Fate {
    }

    /** It has left the queue for good: nobody will ever take it. */
    public record Failed() implements Fate {
    }

    /** It has left the queue for good, and its reverse-path is not told: an operator wants it so. */
    public record Cancelled() implements Fate {
    }

    /**
     * It stays.
     *
     * @param attempted whether a remote, or the way to it, was really tried
     * @param told      whether the reverse-path is told now that it takes longer
     */
    public record Delayed(Instant nextAttemptAt, boolean attempted, boolean told) implements Fate {
    }
}
