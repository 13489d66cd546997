package org.postbus.delivery.dkim;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The SHA-256 of a mail's body in relaxed canonicalisation (RFC 6376, section 3.4.4), while it streams by: how the octets are
 * split makes no difference, and 4 KiB are kept. Only CRLF ends a line; a CR or LF alone is an octet like any other.
 *
 * <p>For one body and one thread.
 */
public final class BodyHash {

    private static final int BUFFER = 4096;

    private final MessageDigest digest = sha256();
    private final byte[] buffer = new byte[BUFFER];
    private int filled;
    private boolean empty = true;
    private boolean carriageReturn;
    private boolean space;
    /** Line ends that count only if text follows. */
    private long lineEnds;

    /** Takes the next octets of the body: all behind the empty line that ends the header section, without dot-stuffing. */
    public void update(byte[] octets, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            octet(octets[i]);
        }
    }

    /** The hash of all that came, 32 octets. Nothing can come after. */
    public byte[] digest() {
        if (carriageReturn) {
            text((byte) '\r');
        }
        if (!empty) {
            lineEnd();
        }
        digest.update(buffer, 0, filled);
        return digest.digest();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private void octet(byte b) {
        if (carriageReturn) {
            carriageReturn = false;
            if (b == '\n') {
                space = false;
                lineEnds++;
                return;
            }
            text((byte) '\r');
        }
        switch (b) {
            case '\r' -> carriageReturn = true;
            case ' ', '\t' -> space = true;
            default -> text(b);
        }
    }

    private void text(byte b) {
        for (; lineEnds > 0; lineEnds--) {
            lineEnd();
        }
        if (space) {
            put((byte) ' ');
            space = false;
        }
        put(b);
        empty = false;
    }

    private void lineEnd() {
        put((byte) '\r');
        put((byte) '\n');
    }

    private void put(byte b) {
        if (filled == BUFFER) {
            digest.update(buffer);
            filled = 0;
        }
        buffer[filled++] = b;
    }
}
