package org.postbus.events;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** Mints mail ids: UUID version 7 (RFC 9562 section 5.7), so that ids sort by time and index well. */
public final class MailIds {

    private static final SecureRandom RANDOM = new SecureRandom();

    private MailIds() {
    }

    /** A new id of this moment. */
    public static UUID mint() {
        byte[] random = new byte[10];
        RANDOM.nextBytes(random);
        return version7(System.currentTimeMillis(), random);
    }

    /**
     * The id of a mail that follows from another one, the same however often it is made: a DSN that is made
     * twice is one mail.
     *
     * @param origin  the mail it follows from
     * @param purpose what it is, for example {@code dsn}
     * @param at      when the cause happened; part of the id, so it must come from the cause and not the clock
     */
    public static UUID derived(UUID origin, String purpose, Instant at) {
        ByteBuffer seed = ByteBuffer.allocate(16).putLong(origin.getMostSignificantBits())
                .putLong(origin.getLeastSignificantBits()).flip();
        MessageDigest digest = sha256();
        digest.update(seed);
        digest.update(purpose.getBytes(StandardCharsets.UTF_8));
        return version7(at.toEpochMilli(), digest.digest());
    }

    /** When the id was minted, to the millisecond. */
    public static Instant time(UUID mailId) {
        return Instant.ofEpochMilli(mailId.getMostSignificantBits() >>> 16);
    }

    private static UUID version7(long millis, byte[] random) {
        ByteBuffer bits = ByteBuffer.wrap(random, 0, 10);
        long high = millis << 16 | 0x7000 | bits.getShort() & 0x0FFF;
        long low = bits.getLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L;
        return new UUID(high, low);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
