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
        int at = 0;
        while (at < piece.length) {
            if (column == 0 && piece[at] == '.') {
                out.write(piece, copied, at - copied);
                out.write('.');
                copied = at;
            }
            int lineFeed = lineFeed(piece, at);
            // Where the piece begins with LF, the CR is in the one before.
            afterCr = lineFeed > at ? piece[lineFeed - 1] == '\r' : afterCr;
            column += lineFeed - at;
            at = Math.min(lineFeed + 1, piece.length);
            if (lineFeed < piece.length) {
                if (!afterCr) {
                    column++;
                } else if (endOfLine()) {
                    out.write(piece, copied, at - copied);
                    return true;
                }
            }
        }
        out.write(piece, copied, piece.length - copied);
        return false;
    }

    /** Where the next LF is; the length where there is none. */
    private static int lineFeed(byte[] piece, int from) {
        int at = from;
        while (at < piece.length && piece[at] != '\n') {
            at++;
        }
        return at;
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
