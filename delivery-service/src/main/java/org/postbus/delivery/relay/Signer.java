package org.postbus.delivery.relay;

import java.io.IOException;
import org.postbus.events.Envelope;

/** Makes the signature that a mail leaves with. */
@FunctionalInterface
public interface Signer {

    /**
     * @param headerSection the client's, with its empty line
     * @return complete fields, each ending in CRLF; empty for mail that is not to be signed
     * @throws IOException it cannot be made just now: the mail has to wait
     */
    String signature(Envelope envelope, byte[] headerSection, BodyReader body) throws IOException;

    /** Reads the body through. */
    @FunctionalInterface
    interface BodyReader {

        /** Its hash (RFC 6376, section 3.7). */
        byte[] hash() throws IOException;
    }
}
