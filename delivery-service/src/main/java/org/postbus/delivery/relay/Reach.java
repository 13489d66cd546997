package org.postbus.delivery.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.postbus.delivery.queue.Outcome.Word;

/**
 * What is known of the way to a destination: one that cannot be reached is left alone for a while that doubles, then one transmission
 * finds out for all. Guarded by its destination's monitor.
 */
final class Reach {

    private static final Duration FIRST_CLOSED = Duration.ofMinutes(1);
    private static final Duration MOST_CLOSED = Duration.ofMinutes(15);
    private static final Duration FIRST_PUSHED_BACK = Duration.ofSeconds(15);
    private static final Duration MOST_PUSHED_BACK = Duration.ofMinutes(12);
    /** Up to so much more, by chance. */
    private static final double SPREAD = 0.25;

    private boolean found = true;
    private int failures;
    private Instant closedAt = Instant.MIN;
    private Instant closedUntil = Instant.MIN;
    private Optional<Instant> questionedAt = Optional.empty();
    private Word why = Word.own("4.4.1", "not tried yet");

    /** What is known of the way. */
    enum Way {
        OPEN,
        /** It could not be reached the last time, and is left alone for a while. */
        CLOSED,
        /** That while is over: one transmission is to find out. */
        UNKNOWN,
        /** One is about it. */
        IN_QUESTION
    }

    /** @param tried whether a session is there */
    Way way(Instant now, boolean tried) {
        return found ? Way.OPEN : now.isBefore(closedUntil) ? Way.CLOSED : tried ? Way.IN_QUESTION : Way.UNKNOWN;
    }

    /** One is to find out. */
    void questioned(Instant now) {
        questionedAt = Optional.of(now);
    }

    /**
     * When those come again who wait for what that one finds out, which takes a moment, or an hour: as much later as it has taken
     * already. Else each of them would be written again and again, and all of them at once.
     */
    Instant next(Instant now) {
        Duration open = questionedAt.map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
        long millis = Math.clamp(open.toMillis(), FIRST_PUSHED_BACK.toMillis(), MOST_PUSHED_BACK.toMillis());
        return now.plusMillis((long) (millis * (1 + SPREAD * ThreadLocalRandom.current().nextDouble())));
    }

    void found() {
        found = true;
        questionedAt = Optional.empty();
    }

    /** It cannot be reached: nobody is to try for a while. */
    void failed(Word word, Instant now) {
        Duration closed = FIRST_CLOSED.multipliedBy(1L << Math.min(failures, 10));
        failures++;
        why = word;
        closedAt = now;
        closedUntil = now.plus(closed.compareTo(MOST_CLOSED) < 0 ? closed : MOST_CLOSED);
        found = false;
        questionedAt = Optional.empty();
    }

    /** An operator asked then for an attempt: it is made, unless one has failed since. */
    void asked(Instant then, Instant now) {
        if (closedAt.isBefore(then) && now.isBefore(closedUntil)) {
            closedUntil = now;
        }
    }

    void succeeded() {
        failures = 0;
    }

    boolean hasFailed() {
        return failures > 0;
    }

    boolean isClosedSince(Instant before) {
        return !closedUntil.isBefore(before);
    }

    Word why() {
        return why;
    }
}
