package org.postbus.smtpgateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SlicesTest {

    /** A client that puts one octet of mail and much else in each packet must not have us keep the packets. */
    @Test
    void aSmallPartOfAReadDoesNotKeepTheRead() {
        Slices slices = new Slices();
        byte[] read = new byte[16 * 1024];
        slices.add(read, 100, 1);
        Arrays.fill(read, (byte) 'x');
        assertArrayEquals(new byte[1], slices.take());
    }

    @Test
    void weighsWhatItHolds() {
        Slices slices = new Slices();
        slices.add(new byte[2000], 0, 2000);
        assertEquals(2000, slices.weight());
        for (int i = 0; i < 10; i++) {
            slices.add(new byte[1], 0, 1);
        }
        assertEquals(2000 + 10 * Slices.weight(1), slices.weight());
        slices.join();
        assertEquals(2010, slices.weight());
        assertEquals(2010, slices.take().length);
        assertEquals(0, slices.weight());
    }
}
