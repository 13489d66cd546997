package org.postbus.mailbox.credential;

import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * An Argon2 hash (RFC 9106) with its cost and salt, written in the PHC string format:
 * {@code $argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>}. So a later, higher cost reads the hashes of today.
 */
record PhcString(Variant variant, int memoryKib, int iterations, int lanes, byte[] salt, byte[] hash) {

    /** Bounds of a hash that another server made. */
    static final int MAX_MEMORY_KIB = 256 * 1024;
    static final int MAX_ITERATIONS = 10;
    static final int MAX_LANES = 16;
    private static final int MAX_OCTETS = 64;
    private static final int MIN_OCTETS = 8;

    private static final Pattern FORMAT = Pattern.compile("\\$argon2(id|i|d)\\$v=19\\$"
            + "m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9]{1,2})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

    enum Variant {
        D(Argon2Parameters.ARGON2_d), I(Argon2Parameters.ARGON2_i), ID(Argon2Parameters.ARGON2_id);

        private final int type;

        Variant(int type) {
            this.type = type;
        }
    }

    /** @throws IllegalArgumentException if it is no such string */
    static PhcString parse(String text) {
        Matcher parts = FORMAT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not an Argon2 PHC string");
        }
        Base64.Decoder base64 = Base64.getDecoder();
        return new PhcString(Variant.valueOf(parts.group(1).toUpperCase(Locale.ROOT)), Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)), Integer.parseInt(parts.group(4)), base64.decode(parts.group(5)),
                base64.decode(parts.group(6)));
    }

    PhcString withHash(byte[] computed) {
        return new PhcString(variant, memoryKib, iterations, lanes, salt, computed);
    }

    /** Whether a hash costs what this one does. */
    boolean costsAs(PhcString other) {
        return variant == other.variant && memoryKib == other.memoryKib && iterations == other.iterations && lanes == other.lanes
                && salt.length == other.salt.length && hash.length == other.hash.length;
    }

    /** The hash of a password at this cost and with this salt. */
    byte[] compute(Password password) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(variant.type)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib).withIterations(iterations).withParallelism(lanes)
                .withSalt(salt).build());
        byte[] computed = new byte[hash.length];
        generator.generateBytes(password.octets(), computed);
        return computed;
    }

    /** Why nobody shall log in at this cost; empty if it is within bounds. A heap of less than 1 GiB gives a quarter of it. */
    Optional<String> objection() {
        long memory = Math.min(MAX_MEMORY_KIB, Runtime.getRuntime().maxMemory() / 1024 / 4);
        if (lanes < 1 || lanes > MAX_LANES || iterations < 1 || iterations > MAX_ITERATIONS || memoryKib < 8 * lanes
                || memoryKib > memory) {
            return Optional.of("an Argon2 hash has " + memory + " KiB of memory, " + MAX_ITERATIONS + " passes and " + MAX_LANES
                    + " lanes at most, and 8 KiB for each lane at least");
        }
        return isOdd(salt) || isOdd(hash)
                ? Optional.of("salt and hash of Argon2 are " + MIN_OCTETS + " to " + MAX_OCTETS + " octets each") : Optional.empty();
    }

    private static boolean isOdd(byte[] octets) {
        return octets.length < MIN_OCTETS || octets.length > MAX_OCTETS;
    }

    @Override
    public String toString() {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2" + variant.name().toLowerCase(Locale.ROOT) + "$v=19$m=" + memoryKib + ",t=" + iterations + ",p=" + lanes
                + "$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }
}
