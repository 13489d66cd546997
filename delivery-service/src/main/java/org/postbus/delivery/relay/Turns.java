package org.postbus.delivery.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/** When those come again who found a line full: behind those who were told so before. Guarded by the destination's monitor. */
final class Turns {

    private static final double LEAST_PER_SECOND = 0.1;
    private static final Duration UNKNOWN_PUSHED_BACK = Duration.ofSeconds(2);
    /** Where nothing was finished of late: that tells no speed, and it may answer all of it in a moment. */
    private static final Duration STALLED_PUSHED_BACK = Duration.ofSeconds(15);
    private static final Duration MOST_PUSHED_BACK = Duration.ofMinutes(15);

    private Instant turn = Instant.MIN;

    /**
     * @param recipients that come
     * @param waiting    recipients in the line
     * @param perSecond  that the destination takes, if that is known
     */
    Instant next(Instant now, int recipients, int waiting, OptionalDouble perSecond) {
        if (perSecond.isEmpty()) {
            return now.plus(UNKNOWN_PUSHED_BACK);
        }
        if (perSecond.equals(Throughput.STALLED)) {
            return now.plus(STALLED_PUSHED_BACK);
        }
        double speed = Math.max(perSecond.getAsDouble(), LEAST_PER_SECOND);
        Instant first = now.plusMillis((long) (1000 * waiting / speed));
        turn = (turn.isBefore(first) ? first : turn).plusMillis((long) (1000 * recipients / speed));
        Instant last = now.plus(MOST_PUSHED_BACK);
        return turn.isAfter(last) ? last : turn;
    }
}
