package org.postbus.protocol.pop3;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A LIST or UIDL response on its way, line by line, so that a large maildrop is never written out in memory. */
final class Listing {

    private static final byte[] FINAL_DOT = {'.', '\r', '\n'};

    private final Maildrop maildrop;
    private final boolean unique;
    private int next = 1;

    Listing(Maildrop maildrop, boolean unique) {
        this.maildrop = maildrop;
        this.unique = unique;
    }

    /** The scan listing or unique-id listing of one message. */
    static String line(Maildrop maildrop, int number, boolean unique) {
        return number + " " + (unique ? maildrop.mailId(number).toString() : Long.toString(maildrop.octets(number)));
    }

    /**
     * Writes lines until {@code out} holds {@code limit} octets.
     *
     * @return whether the listing is complete
     */
    boolean write(ByteArrayOutputStream out, int limit) {
        for (; next <= maildrop.last(); next++) {
            if (out.size() >= limit) {
                return false;
            }
            if (!maildrop.isDeleted(next)) {
                out.writeBytes((line(maildrop, next, unique) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
        }
        out.writeBytes(FINAL_DOT);
        return true;
    }
}
