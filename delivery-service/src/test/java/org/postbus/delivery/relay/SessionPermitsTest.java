package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SessionPermitsTest {

    private final SessionPermits permits = new SessionPermits(3);

    @Test
    void aSessionWhoseDestinationIsNoLongerSuspectMakesRoomForOthers() throws Exception {
        SessionPermits.Permit first = permits.acquire(true);
        assertTrue(first.becomes(true));
        assertTrue(first.becomes(false));
        try (SessionPermits.Permit other = permits.acquire(true)) {
            assertFalse(first.becomes(true), "there is one of them");
            assertTrue(other.becomes(true));
        }
        assertTrue(first.becomes(true));
        first.close();
        permits.acquire(true).close();
    }

    @Test
    void whoHasNoneToChangeIntoKeepsHis() throws Exception {
        for (int i = 0; i < 3; i++) {
            permits.acquire(false);
        }
        SessionPermits.Permit suspect = permits.acquire(true);
        assertFalse(suspect.becomes(false));
        suspect.close();
        permits.acquire(true).close();
    }
}
