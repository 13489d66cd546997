package org.postbus.benchmarks.jmh;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Octets cut as a socket hands them out. */
final class Pieces {

    private static final int OCTETS = 16 * 1024;

    private Pieces() {}

    static List<byte[]> of(byte[] octets) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < octets.length; from += OCTETS) {
            pieces.add(Arrays.copyOfRange(octets, from, Math.min(octets.length, from + OCTETS)));
        }
        return pieces;
    }
}
