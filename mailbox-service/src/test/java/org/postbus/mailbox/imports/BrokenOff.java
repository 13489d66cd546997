package org.postbus.mailbox.imports;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Octets whose sender is gone behind them. */
final class BrokenOff extends InputStream {

    private final ByteArrayInputStream octets;

    BrokenOff(byte[] octets) {
        this.octets = new ByteArrayInputStream(octets);
    }

    @Override
    public int read() throws IOException {
        byte[] octet = new byte[1];
        read(octet, 0, 1);
        return octet[0] & 0xFF;
    }

    @Override
    public int read(byte[] out, int from, int length) throws IOException {
        int count = octets.read(out, from, length);
        if (count < 0) {
            throw new IOException("gone");
        }
        return count;
    }
}
