package org.postbus.gateway;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RatesTest {

    private long now = 7;

    @Test
    void eachClientHasItsOwnMinute() {
        Rates rates = new Rates(2, () -> now);
        assertTrue(rates.take("a"));
        assertTrue(rates.take("a"));
        assertFalse(rates.take("a"));
        assertTrue(rates.take("b"));
        now += Duration.ofMinutes(1).toNanos();
        assertTrue(rates.take("a"));
    }

    @Test
    void zeroIsNoLimit() {
        Rates rates = new Rates(0, () -> now);
        for (int i = 0; i < 1000; i++) {
            assertTrue(rates.take("a"));
        }
    }
}
