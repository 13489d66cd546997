package org.postbus.delivery.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * How many recipients a second, of the window before the present one; nobody knows where there was nothing to do for a while: then it
 * counts what came, not what could be done. For one thread at a time.
 */
final class Throughput {

    /** Nothing is finished, though there is something to do. */
    static final OptionalDouble STALLED = OptionalDouble.of(0);

    private static final Duration WINDOW = Duration.ofSeconds(2);
    /** A window with fewer transmissions goes on, for a minute at most: who takes his time for each does not stand still. */
    private static final int ENOUGH = 10;
    private static final Duration MOST_WINDOW = Duration.ofMinutes(1);

    private Instant since;
    private int transmissions;
    private int recipients;
    private boolean idle;
    private OptionalDouble before = OptionalDouble.empty();

    Throughput(Instant now) {
        this.since = now;
    }

    /** A transmission to so many is done with. */
    void count(Instant now, int more) {
        turn(now);
        transmissions++;
        recipients += more;
    }

    /** After a time in which nothing could be learned. */
    void begin(Instant now) {
        before = OptionalDouble.empty();
        since = now;
        transmissions = 0;
        recipients = 0;
        idle = false;
    }

    /** There is nothing to do just now. */
    void idle(Instant now) {
        turn(now);
        idle = true;
    }

    /** Empty before the first window has passed, and where nobody knows. */
    OptionalDouble perSecond(Instant now) {
        turn(now);
        return before;
    }

    private void turn(Instant now) {
        Duration passed = Duration.between(since, now);
        if (passed.compareTo(transmissions >= ENOUGH || idle ? WINDOW : MOST_WINDOW) >= 0) {
            before = idle ? OptionalDouble.empty() : OptionalDouble.of(recipients * 1000.0 / passed.toMillis());
            since = now;
            transmissions = 0;
            recipients = 0;
            idle = false;
        }
    }
}
