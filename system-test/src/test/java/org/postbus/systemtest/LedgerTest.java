package org.postbus.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The judge of the crash test sees every way in which a promise can break. */
class LedgerTest {

    private final Ledger ledger = new Ledger();

    @BeforeEach
    void threeMails() {
        ledger.sent(new Ledger.Mail("accepted", Set.of("a", "b"), "text", Ledger.Outcome.ACCEPTED));
        ledger.sent(new Ledger.Mail("unknown", Set.of("a"), "text", Ledger.Outcome.UNKNOWN));
        ledger.sent(new Ledger.Mail("never", Set.of("a"), "text", Ledger.Outcome.NOT_SENT));
    }

    @Test
    void eachRecipientHasOneCopyAndAnUnknownMailMayBeThereOrNot() {
        assertJudged(List.of(), List.of(), copy("a", "accepted"), copy("b", "accepted"));
        assertJudged(List.of(), List.of(), copy("a", "accepted"), copy("b", "accepted"), copy("a", "unknown"));
    }

    @Test
    void aLostCopyIsMissed() {
        assertJudged(List.of("Place[recipient=b, token=accepted]"), List.of(), copy("a", "accepted"));
    }

    @Test
    void aSecondCopyIsSeen() {
        assertJudged(List.of(), List.of("twice: Place[recipient=a, token=accepted]"),
                copy("a", "accepted"), copy("a", "accepted"), copy("b", "accepted"));
    }

    @Test
    void aDeletedMessageThatComesBackIsSeen() {
        ledger.quit("a", List.of("accepted"), true);
        assertJudged(List.of(), List.of(), copy("b", "accepted"));
        assertJudged(List.of(), List.of("came back: Place[recipient=a, token=accepted]"),
                copy("a", "accepted"), copy("b", "accepted"));
    }

    @Test
    void halfOfASessionsDeletionsIsSeen() {
        ledger.sent(new Ledger.Mail("other", Set.of("a"), "text", Ledger.Outcome.ACCEPTED));
        ledger.quit("a", List.of("accepted", "other"), false);
        assertJudged(List.of(), List.of(), copy("b", "accepted"));
        List<Ledger.Copy> half = List.of(copy("a", "other"), copy("b", "accepted"));
        assertEquals(1, ledger.wrong(half).size());
    }

    @Test
    void whatAnotherSessionDeletedIsNotHalfOfThisOnes() {
        ledger.sent(new Ledger.Mail("other", Set.of("a"), "text", Ledger.Outcome.ACCEPTED));
        ledger.quit("a", List.of("accepted", "other"), false);
        ledger.quit("a", List.of("accepted"), false);
        assertJudged(List.of(), List.of(), copy("a", "other"), copy("b", "accepted"));
    }

    @Test
    void damagedAndUnsentMailsAreSeen() {
        assertJudged(List.of(), List.of("damaged: Place[recipient=a, token=accepted]", "never sent: Place[recipient=a, token=never]"),
                new Ledger.Copy("a", "accepted", "other text"), copy("b", "accepted"), copy("a", "never"));
    }

    private void assertJudged(List<String> missing, List<String> wrong, Ledger.Copy... found) {
        assertEquals(missing, ledger.missing(List.of(found)));
        assertEquals(wrong, ledger.wrong(List.of(found)));
    }

    private static Ledger.Copy copy(String recipient, String token) {
        return new Ledger.Copy(recipient, token, "text");
    }
}
