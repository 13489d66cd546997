package org.postbus.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class PaceTest {

    @Test
    void turnsAtARateAreEquallyFarApartHoweverLateTheyAreTaken() {
        Pace pace = Pace.atRate(1_000_000, 0.00001);
        long first = pace.next();
        for (int turn = 1; turn < 10; turn++) {
            assertEquals(first + 1000L * turn, pace.next());
        }
        assertEquals(Pace.END, pace.next());
    }

    @Test
    void aNumberOfTurnsIsTakenByAllTogether() {
        Pace pace = Pace.times(2);
        assertNotEquals(Pace.END, pace.next());
        assertNotEquals(Pace.END, pace.next());
        assertEquals(Pace.END, pace.next());
        assertEquals(Pace.END, pace.next());
    }

    @Test
    void nothingBeginsWhileFull() {
        assertEquals(Pace.END, Pace.whileNot(() -> true, 0.02).next());
        assertNotEquals(Pace.END, Pace.whileNot(() -> false, 60).next());
    }
}
