package org.postbus.consumer;

import java.time.Duration;

/**
 * When the broker answers a fetch. Each answer costs its reader a transaction and the broker a request, whatever it
 * bears; where several records can share one, they should.
 *
 * @param octets a fetch that finds so many is answered at once
 * @param atMost how long a fetch that finds fewer waits for more
 */
public record Pace(int octets, Duration atMost) {

    /** Each record at once: somebody waits for its effect. */
    public static final Pace PROMPT = new Pace(1, Duration.ofMillis(500));
    /** A moment for company: mail on its way. */
    public static final Pace STEADY = new Pace(256 * 1024, Duration.ofMillis(10));
    /** Nobody waits: the trail. */
    public static final Pace LEISURELY = new Pace(512 * 1024, Duration.ofMillis(250));
}
