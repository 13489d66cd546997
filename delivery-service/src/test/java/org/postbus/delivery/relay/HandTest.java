package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HandTest {

    private final Hand hand = new Hand(1000, 100);

    @Test
    void halfOfItIsForNewMail() {
        assertEquals(500, hand.takeUpTo(1000));
        assertEquals(0, hand.takeUpTo(1));
        assertTrue(hand.take(500, 100));
        assertFalse(hand.take(1, 0));
        hand.giveBack(1, 0);
        assertTrue(hand.take(1, 0));
        assertFalse(hand.take(0, 1));
    }

    @Test
    void whatIsBeingSentFillsItNot() {
        assertTrue(hand.take(1000, 0));
        hand.lend(600);
        assertEquals(1000, hand.recipients());
        assertEquals(100, hand.takeUpTo(1000));
        hand.takeBack(600);
        assertEquals(1100, hand.recipients());
        assertFalse(hand.take(1, 0));
    }

    /** With any setting a whole transmission has its place. */
    @Test
    void aPartIsATransmissionAtLeast() {
        assertEquals(250, hand.part(4));
        assertEquals(Transmission.MAX_RECIPIENTS, hand.part(20));
        assertEquals(Transmission.MAX_RECIPIENTS, new Hand(1, 1).part(4));
    }
}
