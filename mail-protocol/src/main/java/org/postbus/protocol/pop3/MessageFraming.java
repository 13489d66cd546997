package org.postbus.protocol.pop3;

import java.io.ByteArrayOutputStream;

/**
 * Turns a stored message into a multi-line response (RFC 1939 section 3): a dot that begins a line is doubled, a last line
 * without CRLF gets one, and the final dot follows. Works over any split of the message into pieces.
 */
final class MessageFraming {

    private static final byte[] FINAL_DOT = {'.', '\r', '\n'};

    private final long bodyLines;
    private long seen;
    private boolean inBody;
    /** Octets of the current line so far. */
    private long column;
    private boolean afterCr;

    private MessageFraming(long bodyLines) {
        this.bodyLines = bodyLines;
    }

    /** For RETR. */
    static MessageFraming whole() {
        return new MessageFraming(Long.MAX_VALUE);
    }

    /** For TOP: the header section, the empty line, and so many lines of the body. */
    static MessageFraming top(int lines) {
        return new MessageFraming(lines);
    }

    /**
     * Frames the next piece.
     *
     * @return whether that was all that is wanted; nothing of what follows may be framed then
     */
    boolean frame(byte[] piece, ByteArrayOutputStream out) {
        int copied = 0;
        for (int i = 0; i < piece.length; i++) {
            byte octet = piece[i];
            if (column == 0 && octet == '.') {
                out.write(piece, copied, i - copied);
                out.write('.');
                copied = i;
            }
            if (octet == '\n' && afterCr) {
                if (endOfLine()) {
                    out.write(piece, copied, i + 1 - copied);
                    return true;
                }
            } else {
                column++;
                afterCr = octet == '\r';
            }
        }
        out.write(piece, copied, piece.length - copied);
        return false;
    }

    /** Ends the response. A lone CR at the end of a message becomes its line end. */
    void finish(ByteArrayOutputStream out) {
        if (column > 0) {
            if (!afterCr) {
                out.write('\r');
            }
            out.write('\n');
        }
        out.writeBytes(FINAL_DOT);
    }

    private boolean endOfLine() {
        boolean empty = column == 1;
        column = 0;
        afterCr = false;
        if (inBody) {
            seen++;
        } else if (empty) {
            inBody = true;
        }
        return inBody && seen >= bodyLines;
    }
}
