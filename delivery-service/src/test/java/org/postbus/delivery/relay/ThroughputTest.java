package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ThroughputTest {

    private static final Instant START = Instant.parse("2026-11-28T10:15:30Z");

    private final Throughput throughput = new Throughput(START);

    @Test
    void whoTakesTenSecondsForEachOfTwentyDoesNotStandStill() {
        assertEquals(OptionalDouble.empty(), throughput.perSecond(START.plusSeconds(9)));
        for (int n = 0; n < 20; n++) {
            throughput.count(START.plusSeconds(10), 1);
        }
        assertEquals(OptionalDouble.of(1), throughput.perSecond(START.plusSeconds(10)));
    }

    @Test
    void whoIsFastIsKnownWithinSeconds() {
        for (int n = 0; n < 100; n++) {
            throughput.count(START.plusSeconds(1), 1);
        }
        assertEquals(OptionalDouble.of(50), throughput.perSecond(START.plusSeconds(2)));
    }

    @Test
    void itIsOfRecipientsThoughAFewTransmissionsTellNothing() {
        for (int n = 0; n < 10; n++) {
            assertEquals(OptionalDouble.empty(), throughput.perSecond(START.plusSeconds(3)));
            throughput.count(START.plusSeconds(3), 100);
        }
        assertEquals(OptionalDouble.of(250), throughput.perSecond(START.plusSeconds(4)));
    }

    @Test
    void whoDoesNothingForAMinuteStandsStill() {
        assertEquals(OptionalDouble.empty(), throughput.perSecond(START.plusSeconds(59)));
        assertEquals(OptionalDouble.of(0), throughput.perSecond(START.plusSeconds(60)));
    }

    @Test
    void whoHadNothingToDoIsNotKnown() {
        throughput.count(START.plusSeconds(1), 1);
        throughput.idle(START.plusSeconds(1));
        assertEquals(OptionalDouble.empty(), throughput.perSecond(START.plusSeconds(3)));
    }
}
