package org.postbus.systemtest.powercut;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.systemtest.Ledger;

/** One run has another ledger for every moment. */
class PromisesTest {

    private final Promises promises = new Promises();

    @BeforeEach
    void aMailAndItsDeletion() {
        promises.sent(new Ledger.Mail("one", Set.of("a"), "text", Ledger.Outcome.ACCEPTED), 10, 20);
        promises.quit("a", List.of("one"), 30, 40);
    }

    @Test
    void beforeItIsSentAMailIsNowhere() {
        assertEquals(List.of(), promises.at(10).missing(List.of()));
        assertEquals(1, promises.at(10).wrong(there()).size());
    }

    @Test
    void beforeItsAnswerAMailMayBeThereOrNot() {
        assertEquals(List.of(), promises.at(20).missing(List.of()));
        assertEquals(List.of(), promises.at(20).wrong(there()));
    }

    @Test
    void behindItsAnswerAMailIsThere() {
        assertEquals(1, promises.at(21).missing(List.of()).size());
        assertEquals(1, promises.at(30).missing(List.of()).size());
    }

    @Test
    void beforeTheAnswerToQuitItMayBeThereOrNot() {
        assertEquals(List.of(), promises.at(31).missing(List.of()));
        assertEquals(List.of(), promises.at(40).wrong(there()));
    }

    @Test
    void behindTheAnswerToQuitItIsGone() {
        assertEquals(List.of(), promises.at(41).missing(List.of()));
        assertEquals(1, promises.at(41).wrong(there()).size());
    }

    @Test
    void answersAreMomentsToCutAt() {
        assertArrayEquals(new long[] {20, 40}, promises.answers(0, 100));
        assertArrayEquals(new long[] {40}, promises.answers(21, 41));
    }

    private static List<Ledger.Copy> there() {
        return List.of(new Ledger.Copy("a", "one", "text"));
    }
}
