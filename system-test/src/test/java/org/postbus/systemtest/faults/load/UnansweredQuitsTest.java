package org.postbus.systemtest.faults.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.postbus.systemtest.faults.report.Invariant;
import org.postbus.systemtest.faults.report.Tally;

class UnansweredQuitsTest {

    private final UnansweredQuits quits = new UnansweredQuits();
    private final Place one = new Place("a", "one");
    private final Place two = new Place("a", "two");
    private final Place three = new Place("a", "three");

    @Test
    void allOrNothingIsRight() {
        quits.add(List.of(one, two));
        assertViolations(0, Set.of(one, two, three));
        assertFalse(one.isDeleted());

        quits.add(List.of(one, two));
        assertViolations(0, Set.of(three));
        assertTrue(one.isDeleted());
    }

    @Test
    void halfIsSeen() {
        quits.add(List.of(one, two));
        assertViolations(1, Set.of(one, three));
    }

    @Test
    void whatAnotherSessionDeletedIsNotHalfOfThisOnes() {
        quits.add(List.of(one, two));
        quits.add(List.of(two, three));
        assertViolations(0, Set.of(one));
    }

    @Test
    void whatAnAnsweredQuitDeletedIsNotHalfOfThisOnes() {
        quits.add(List.of(one, two));
        two.deleted();
        assertViolations(0, Set.of(one));
    }

    private void assertViolations(long expected, Set<Place> found) {
        Tally tally = new Tally("test");
        quits.judge(found, tally);
        assertEquals(expected, tally.of(Invariant.I7).violations());
        assertTrue(tally.of(Invariant.I7).trials() > 0);
    }
}
