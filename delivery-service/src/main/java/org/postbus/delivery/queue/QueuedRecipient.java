package org.postbus.delivery.queue;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A recipient in the queue, in the words of RFC 3464.
 *
 * @param n                 names it within its mail
 * @param originalRecipient the forward-path that the client gave
 * @param finalRecipient    the address to relay to
 * @param reversePath       to relay with; empty for the null reverse-path
 * @param destination       the final recipient's domain, as A-labels
 * @param queuedAt          since when it is tried
 * @param expiresAt         after this it is tried no more
 * @param attempts          before this one
 * @param delayTold         whether the reverse-path was told that it takes longer
 * @param askedAt           when an operator last asked for an attempt
 */
public record QueuedRecipient(UUID mailId, int n, String originalRecipient, String finalRecipient, String reversePath,
        String destination, Instant queuedAt, Instant expiresAt, int attempts, boolean delayTold,
        Optional<Instant> askedAt) {

    /** One that no operator has asked for. */
    public QueuedRecipient(UUID mailId, int n, String originalRecipient, String finalRecipient, String reversePath, String destination,
            Instant queuedAt, Instant expiresAt, int attempts, boolean delayTold) {
        this(mailId, n, originalRecipient, finalRecipient, reversePath, destination, queuedAt, expiresAt, attempts, delayTold,
                Optional.empty());
    }
}
