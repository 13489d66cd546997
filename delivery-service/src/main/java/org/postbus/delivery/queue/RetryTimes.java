package org.postbus.delivery.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * When a recipient is tried again. The wait is as long as the recipient has waited already, within bounds, so that it doubles
 * without a count of anything; and a fifth more or less by chance, so that what failed together does not come back together.
 *
 * @param first  the shortest wait
 * @param most   the longest wait
 * @param quick  the wait after a first refusal that passes by itself, as greylisting does
 * @param expiry how long a recipient is tried at all
 * @param notice after how long the reverse-path is told of the delay
 */
public record RetryTimes(Duration first, Duration most, Duration quick, Duration expiry, Duration notice, RandomGenerator random) {

    private static final double SPREAD = 0.2;

    /** The next time; one is when the delay is to be told, and the last one when the recipient expires. */
    public Instant next(QueuedRecipient recipient, Instant now, boolean quickly) {
        Duration wait = quickly && recipient.attempts() == 0 ? quick : bounded(Duration.between(recipient.queuedAt(), now));
        double chance = 1 - SPREAD + 2 * SPREAD * random.nextDouble();
        Instant next = notPast(recipient.expiresAt(), now.plusMillis((long) (wait.toMillis() * chance)), now);
        return recipient.delayTold() ? next : notPast(recipient.queuedAt().plus(notice), next, now);
    }

    private static Instant notPast(Instant mark, Instant next, Instant now) {
        return next.isAfter(mark) && now.isBefore(mark) ? mark : next;
    }

    public boolean expired(QueuedRecipient recipient, Instant now) {
        return !now.isBefore(recipient.expiresAt());
    }

    /** Whether the last attempt should have been made long ago. */
    public boolean longExpired(QueuedRecipient recipient, Instant now) {
        return !now.isBefore(recipient.expiresAt().plus(most));
    }

    /** Whether it is time to tell of the delay, which happens once. */
    public boolean tells(QueuedRecipient recipient, Instant now) {
        return !recipient.delayTold() && !now.isBefore(recipient.queuedAt().plus(notice));
    }

    private Duration bounded(Duration age) {
        return age.compareTo(first) < 0 ? first : age.compareTo(most) > 0 ? most : age;
    }
}
