package org.postbus.consumer;

import java.time.Duration;

/**
 * How long the first record of a batch waits for company. A batch costs a transaction and its requests to Kafka,
 * whether it has one record or a hundred; where nobody waits for each record's effect, they should share it.
 */
public enum Pace {

    /** Somebody waits. */
    PROMPT(Duration.ZERO),
    /** Mail on its way. */
    STEADY(Duration.ofMillis(10)),
    /** What people look at later. */
    LEISURELY(Duration.ofMillis(250));

    private static final int ENOUGH_OCTETS = 1024 * 1024;

    private final Duration gather;

    Pace(Duration gather) {
        this.gather = gather;
    }

    /** How long to wait for more when so many octets of records are there; zero if they are enough. */
    Duration gather(long octets) {
        return octets < ENOUGH_OCTETS ? gather : Duration.ZERO;
    }
}
