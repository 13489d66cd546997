package org.postbus.mailbox.credential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RememberedSuccessesTest {

    private static final Password RIGHT = Password.offered("right");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
    private final KnownLogin alice = login();

    @Test
    void knowsOnlyThatPasswordOfThatAddress() {
        RememberedSuccesses successes = remembering(Duration.ofMinutes(10), 10);
        successes.add("alice", alice, RIGHT);
        assertEquals(Optional.of(alice), successes.find("alice", RIGHT));
        assertEquals(Optional.empty(), successes.find("alice", Password.offered("Right")));
        assertEquals(Optional.empty(), successes.find("bob", RIGHT));
    }

    @Test
    void keepsTheLastVersionAlone() {
        RememberedSuccesses successes = remembering(Duration.ofMinutes(10), 10);
        KnownLogin changed = new KnownLogin(alice.accountId(), 2);
        successes.add("alice", alice, RIGHT);
        successes.add("alice", changed, Password.offered("new"));
        assertEquals(Optional.empty(), successes.find("alice", RIGHT));
        assertEquals(Optional.of(changed), successes.find("alice", Password.offered("new")));
    }

    @Test
    void forgetsAfterTheWindow() {
        RememberedSuccesses successes = remembering(Duration.ofMinutes(10), 10);
        successes.add("alice", alice, RIGHT);
        now.addAndGet(Duration.ofMinutes(10).toNanos() - 1);
        assertTrue(successes.find("alice", RIGHT).isPresent());
        now.incrementAndGet();
        assertTrue(successes.find("alice", RIGHT).isEmpty());
    }

    @Test
    void forgetsWhoWasAwayLongest() {
        RememberedSuccesses successes = remembering(Duration.ofMinutes(10), 2);
        successes.add("alice", alice, RIGHT);
        successes.add("bob", login(), RIGHT);
        assertTrue(successes.find("alice", RIGHT).isPresent());
        successes.add("carol", login(), RIGHT);
        assertTrue(successes.find("alice", RIGHT).isPresent());
        assertTrue(successes.find("bob", RIGHT).isEmpty());
    }

    @Test
    void canBeTurnedOff() {
        RememberedSuccesses successes = remembering(Duration.ZERO, 10);
        successes.add("alice", alice, RIGHT);
        assertTrue(successes.find("alice", RIGHT).isEmpty());
    }

    private static KnownLogin login() {
        return new KnownLogin(UUID.randomUUID(), 1);
    }

    private RememberedSuccesses remembering(Duration window, int atMost) {
        return new RememberedSuccesses(window, atMost, now::get);
    }
}
