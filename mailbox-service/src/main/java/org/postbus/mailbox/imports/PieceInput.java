package org.postbus.mailbox.imports;

import java.io.IOException;
import java.io.InputStream;

/** A stream that is read in pieces: what a single octet is follows from them. */
abstract class PieceInput extends InputStream {

    @Override
    public final int read() throws IOException {
        byte[] octet = new byte[1];
        return read(octet, 0, 1) < 0 ? -1 : octet[0] & 0xFF;
    }

    @Override
    public abstract int read(byte[] out, int from, int length) throws IOException;
}
