package org.postbus.mailbox.credential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class Argon2Test {

    private static final Password RIGHT = Password.of("password");

    @Test
    void makesSaltedHashesOfTheDocumentedCost() {
        Argon2 argon2 = new Argon2(1, Duration.ofSeconds(5));
        String hash = argon2.hash(RIGHT).orElseThrow();
        assertTrue(hash.startsWith("$argon2id$v=19$m=19456,t=2,p=1$"), hash);
        assertNotEquals(hash, argon2.hash(RIGHT).orElseThrow());
        assertEquals(Argon2.Verdict.MATCH, argon2.matches(hash, RIGHT));
        assertEquals(Argon2.Verdict.MISMATCH, argon2.matches(hash, Password.of("Password")));
    }

    /** From the test suite of the reference implementation: version 0x13, argon2id, t=2, m=2^8, p=1. */
    @Test
    void readsHashesOfOtherImplementationsAndCosts() {
        String reference = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        assertEquals(Argon2.Verdict.MATCH, new Argon2(1, Duration.ofSeconds(5)).matches(reference, RIGHT));
    }

    @Test
    void sendsAwayWhomItCannotServeInTime() {
        Argon2 full = new Argon2(0, Duration.ofMillis(1));
        assertEquals(Optional.empty(), full.hash(RIGHT));
        assertEquals(Argon2.Verdict.BUSY, full.matches("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$AAAA", RIGHT));
    }

    @Test
    void refusesWhatIsNoHash() {
        assertThrows(IllegalArgumentException.class, () -> PhcString.parse("$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$AAAA"));
        assertThrows(IllegalArgumentException.class, () -> PhcString.parse(""));
    }
}
