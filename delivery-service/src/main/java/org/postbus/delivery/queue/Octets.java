package org.postbus.delivery.queue;

/** Looks at mail data. */
public final class Octets {

    private Octets() {
    }

    /** Whether an octet above 127 is in it. */
    public static boolean eightBit(byte[] data) {
        for (byte octet : data) {
            if (octet < 0) {
                return true;
            }
        }
        return false;
    }
}
