package org.postbus.mailbox.credential;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RememberedSuccessesTest {

    private static final Password RIGHT = Password.offered("right");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
    private final UUID alice = UUID.randomUUID();

    @Test
    void knowsOnlyThatPasswordOfThatVersionOfThatAccount() {
        RememberedSuccesses successes = remembering(Duration.ofMinutes(10), 10);
        successes.add(alice, 1, RIGHT);
        assertTrue(successes.contains(alice, 1, RIGHT));
        assertFalse(successes.contains(alice, 2, RIGHT));
        assertFalse(successes.contains(alice, 1, Password.offered("Right")));
        assertFalse(successes.contains(UUID.randomUUID(), 1, RIGHT));
    }

    @Test
    void forgetsAfterTheWindow() {
        RememberedSuccesses successes = remembering(Duration.ofMinutes(10), 10);
        successes.add(alice, 1, RIGHT);
        now.addAndGet(Duration.ofMinutes(10).toNanos() - 1);
        assertTrue(successes.contains(alice, 1, RIGHT));
        now.incrementAndGet();
        assertFalse(successes.contains(alice, 1, RIGHT));
    }

    @Test
    void forgetsWhoWasAwayLongest() {
        RememberedSuccesses successes = remembering(Duration.ofMinutes(10), 2);
        UUID bob = UUID.randomUUID();
        UUID carol = UUID.randomUUID();
        successes.add(alice, 1, RIGHT);
        successes.add(bob, 1, RIGHT);
        assertTrue(successes.contains(alice, 1, RIGHT));
        successes.add(carol, 1, RIGHT);
        assertTrue(successes.contains(alice, 1, RIGHT));
        assertFalse(successes.contains(bob, 1, RIGHT));
    }

    @Test
    void canBeTurnedOff() {
        RememberedSuccesses successes = remembering(Duration.ZERO, 10);
        successes.add(alice, 1, RIGHT);
        assertFalse(successes.contains(alice, 1, RIGHT));
    }

    private RememberedSuccesses remembering(Duration window, int atMost) {
        return new RememberedSuccesses(window, atMost, now::get);
    }
}
