package org.postbus.smtpgateway;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Octets of a mail where the socket's reads left them, until they are copied once, into the value of a record. What holds a
 * slice costs memory too: {@link #weight} counts it, lest a client that sends octet by octet takes more than its share.
 */
final class Slices {

    /** Octets of a slice beside its data: the record, its place in the list, the head of an array of its own. */
    private static final int OVERHEAD = 64;
    /** Beside so much data that is not worth counting. */
    private static final int LARGE = 1024;

    private final List<Slice> slices = new ArrayList<>();
    private int size;
    private long weight;

    private record Slice(byte[] octets, int offset, int length) { }

    /** Keeps the array, where the slice is most of it; else it would hold more than it weighs. */
    void add(byte[] octets, int offset, int length) {
        slices.add(length * 2L < octets.length
                ? new Slice(Arrays.copyOfRange(octets, offset, offset + length), 0, length)
                : new Slice(octets, offset, length));
        size += length;
        weight += weight(length);
    }

    /** Octets of mail data. */
    int size() {
        return size;
    }

    /** Octets of memory, about. */
    long weight() {
        return weight;
    }

    /** What a slice more would weigh. */
    static long weight(int length) {
        return length < LARGE ? length + OVERHEAD : length;
    }

    /** Makes one slice of all, at the price of a copy. */
    void join() {
        byte[] all = take();
        if (all.length > 0) {
            add(all, 0, all.length);
        }
    }

    /** All octets in one array; then there are none. */
    byte[] take() {
        byte[] all = new byte[size];
        int at = 0;
        for (Slice slice : slices) {
            System.arraycopy(slice.octets(), slice.offset(), all, at, slice.length());
            at += slice.length();
        }
        slices.clear();
        size = 0;
        weight = 0;
        return all;
    }
}
