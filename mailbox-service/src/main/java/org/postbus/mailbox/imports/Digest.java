package org.postbus.mailbox.imports;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-256 of a mail's octets, by which it is known again. Equal by its octets. */
record Digest(ByteBuffer sha256) {

    static Digest of(byte[] octets) {
        return new Digest(ByteBuffer.wrap(begin().digest(octets)));
    }

    /** What all octets that it was given come to. */
    static Digest of(MessageDigest complete) {
        return new Digest(ByteBuffer.wrap(complete.digest()));
    }

    byte[] octets() {
        return sha256.array();
    }

    static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
