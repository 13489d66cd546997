package org.postbus.mailbox.credential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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

    /** Each takes the memory of fourteen: with two turns they go one by one, and with one turn they go at all. */
    @Test
    void aHashThatTakesTheMemoryOfSeveralTakesTheirTurns() throws Exception {
        String large = new PhcString(PhcString.Variant.ID, 262_144, 1, 1, new byte[16], new byte[32]).toString();
        assertEquals(Argon2.Verdict.MISMATCH, new Argon2(1, Duration.ofSeconds(60)).matches(large, RIGHT));
        Argon2 two = new Argon2(2, Duration.ofSeconds(60));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var verdict : threads.invokeAll(java.util.Collections.nCopies(3, () -> two.matches(large, RIGHT)))) {
                assertEquals(Argon2.Verdict.MISMATCH, verdict.get());
            }
        }
    }

    /** A slow hash on a virtual thread would keep a carrier from all other virtual threads. */
    @Test
    void hashesAreComputedOnThreadsOfTheirOwn() throws Exception {
        Argon2 argon2 = new Argon2(1, Duration.ofSeconds(5));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Thread computing = threads.submit(() -> argon2.inTurn(1, Duration.ofSeconds(5), Thread::currentThread)).get().orElseThrow();
            assertFalse(computing.isVirtual());
            assertTrue(computing.isDaemon());
        }
    }

    @Test
    void aHashKeepsItsTurnWhenItsCallerIsGone() throws Exception {
        Argon2 argon2 = new Argon2(1, Duration.ofMillis(1));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread caller = Thread.ofVirtual().start(() -> argon2.inTurn(1, Duration.ZERO, () -> {
            begun.countDown();
            return awaited(end);
        }));
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        caller.interrupt();
        assertTrue(caller.join(Duration.ofSeconds(10)));
        assertEquals(Optional.empty(), argon2.hash(RIGHT));
        end.countDown();
        assertEquals(Optional.of("next"), argon2.inTurn(1, Duration.ofSeconds(10), () -> "next"));
    }

    @Test
    void aHashThatFailsGivesItsTurnBack() {
        Argon2 argon2 = new Argon2(1, Duration.ofSeconds(5));
        assertThrows(IllegalStateException.class, () -> argon2.inTurn(1, Duration.ZERO, () -> Integer.parseInt("x")));
        assertTrue(argon2.hash(RIGHT).isPresent());
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Test
    void aHashOfAnotherFormOrCostIsMadeBetterIfThereIsTime() {
        Argon2 idle = new Argon2(1, Duration.ofSeconds(5));
        String ours = idle.hash(RIGHT).orElseThrow();
        assertEquals(Optional.empty(), idle.better(ours, RIGHT));
        for (String hash : new String[] {"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            ours.replace("$argon2id", "$argon2i"), ours.replace("t=2", "t=3"), "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"}) {
            String better = idle.better(hash, RIGHT).orElseThrow();
            assertTrue(better.startsWith("$argon2id$v=19$m=19456,t=2,p=1$"), better);
            assertEquals(Argon2.Verdict.MATCH, idle.matches(better, RIGHT));
            assertEquals(Optional.empty(), new Argon2(0, Duration.ofSeconds(60)).better(hash, RIGHT));
        }
    }

    @Test
    void refusesWhatIsNoHash() {
        assertThrows(IllegalArgumentException.class, () -> PhcString.parse("$argon2x$v=19$m=256,t=2,p=1$c29tZXNhbHQ$AAAA"));
        assertThrows(IllegalArgumentException.class, () -> PhcString.parse(""));
    }
}
