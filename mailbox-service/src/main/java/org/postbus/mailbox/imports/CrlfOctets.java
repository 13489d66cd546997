package org.postbus.mailbox.imports;

import java.io.IOException;
import java.io.InputStream;

/**
 * A mail's octets, each line of them ending in CRLF: a CR or LF alone becomes one, and so does the end of mail that breaks off
 * in a line, as under BDAT (RFC 3030, section 2).
 */
final class CrlfOctets extends PieceInput {

    private final InputStream in;
    private final byte[] taken = new byte[8192];
    private int at;
    private int end;
    private boolean afterCr;
    private boolean inLine;

    CrlfOctets(InputStream in) {
        this.in = in;
    }

    @Override
    public int read(byte[] out, int from, int length) throws IOException {
        int to = from;
        while (to < from + length) {
            if (at < end) {
                out[to++] = next(taken[at]);
            } else if (to > from) {
                break;
            } else if (!take()) {
                return endLine(out, from);
            }
        }
        return to - from;
    }

    /** What comes now, where {@code b} is the next octet: that, or what it shows to be missing before it. */
    private byte next(byte b) {
        if (afterCr) {
            at += b == '\n' ? 1 : 0;
            return lineFeed();
        }
        at += b == '\n' ? 0 : 1;
        afterCr = b == '\n' || b == '\r';
        inLine = true;
        return b == '\n' ? (byte) '\r' : b;
    }

    private byte lineFeed() {
        afterCr = false;
        inLine = false;
        return '\n';
    }

    /** Behind the last octet: what lacks of a CRLF, an octet at a time. */
    private int endLine(byte[] out, int from) {
        if (!inLine) {
            return -1;
        }
        out[from] = afterCr ? lineFeed() : (byte) '\r';
        afterCr = out[from] == '\r';
        return 1;
    }

    private boolean take() throws IOException {
        at = 0;
        end = Math.max(0, in.read(taken));
        return end > 0;
    }
}
