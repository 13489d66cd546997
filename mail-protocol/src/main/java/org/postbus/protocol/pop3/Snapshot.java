package org.postbus.protocol.pop3;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The messages of a maildrop as they were when it was opened: {@value #ENTRY_OCTETS} octets for each, the mail id and the
 * size (both big-endian), in listing order. Kept as it came, so that 100,000 messages cost 2.4 MB.
 */
public final class Snapshot {

    /** Octets of one entry. */
    public static final int ENTRY_OCTETS = 24;

    private static final int SIZE_AT = 16;

    private final ByteBuffer entries;

    /**
     * @param entries not copied
     * @throws IllegalArgumentException where the octets are no whole number of entries or a size is negative
     */
    public Snapshot(byte[] entries) {
        if (entries.length % ENTRY_OCTETS != 0) {
            throw new IllegalArgumentException("a snapshot of " + entries.length + " octets");
        }
        this.entries = ByteBuffer.wrap(entries);
        for (int number = 1; number <= count(); number++) {
            if (octets(number) < 0) {
                throw new IllegalArgumentException("a negative size in a snapshot");
            }
        }
    }

    /** Number of messages. */
    public int count() {
        return entries.capacity() / ENTRY_OCTETS;
    }

    /** @param number from 1 to {@link #count} */
    public UUID mailId(int number) {
        int at = (number - 1) * ENTRY_OCTETS;
        return new UUID(entries.getLong(at), entries.getLong(at + Long.BYTES));
    }

    /** @param number from 1 to {@link #count} */
    public long octets(int number) {
        return entries.getLong((number - 1) * ENTRY_OCTETS + SIZE_AT);
    }
}
