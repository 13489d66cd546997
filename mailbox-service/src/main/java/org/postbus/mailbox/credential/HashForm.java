package org.postbus.mailbox.credential;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * The forms of hashes that passwords are compared with: ours, which is one of the first, and those of servers that accounts come
 * from. Each login pays for its hash, so each form has a bound on what that costs.
 */
enum HashForm {

    /** RFC 9106, in the PHC string format. */
    ARGON2("\\$argon2(?:id|i|d)\\$v=19\\$.*", "ARGON2ID", "ARGON2I") {

        @Override
        Optional<String> objection(String hash) {
            try {
                return PhcString.parse(hash).objection();
            } catch (IllegalArgumentException e) {
                return Optional.of("the Argon2 hash is not well formed");
            }
        }

        @Override
        boolean matches(String hash, Password password) {
            PhcString expected = PhcString.parse(hash);
            return MessageDigest.isEqual(expected.hash(), expected.compute(password));
        }

        @Override
        int memoryKib(String hash) {
            return PhcString.parse(hash).memoryKib();
        }
    },

    /** OpenBSD's. It takes the first 72 octets of a password. For what a password can be here, a, b and y are the same. */
    BCRYPT("\\$2[aby]\\$([0-9]{2})\\$[./A-Za-z0-9]{53}", "BLF-CRYPT", "CRYPT") {

        @Override
        Optional<String> objection(String hash) {
            int cost = Integer.parseInt(parts(hash).group(1));
            return cost >= MIN_BCRYPT_COST && cost <= MAX_BCRYPT_COST ? Optional.empty()
                    : Optional.of("the cost of a bcrypt hash is " + MIN_BCRYPT_COST + " to " + MAX_BCRYPT_COST);
        }

        @Override
        boolean matches(String hash, Password password) {
            return OpenBSDBCrypt.checkPassword(hash, password.octets());
        }
    },

    /** Drepper's, of glibc. Each round hashes the password too, so one over {@value #MAX_SHA512_PASSWORD} octets does not match. */
    SHA512_CRYPT("\\$6\\$(?:rounds=([0-9]{1,9})\\$)?[./A-Za-z0-9]{1,16}\\$[./A-Za-z0-9]{86}", "SHA512-CRYPT", "CRYPT") {

        @Override
        Optional<String> objection(String hash) {
            String rounds = parts(hash).group(1);
            return rounds == null || Integer.parseInt(rounds) <= MAX_SHA512_ROUNDS ? Optional.empty()
                    : Optional.of("a SHA-512-crypt hash has " + MAX_SHA512_ROUNDS + " rounds at most");
        }

        @Override
        boolean matches(String hash, Password password) {
            byte[] octets = password.octets();
            if (octets.length > MAX_SHA512_PASSWORD) {
                return false;
            }
            String computed = Sha2Crypt.sha512Crypt(octets, hash.substring(0, hash.lastIndexOf('$')));
            return MessageDigest.isEqual(last(computed), last(hash));
        }

        private static byte[] last(String hash) {
            return hash.substring(hash.lastIndexOf('$')).getBytes(StandardCharsets.US_ASCII);
        }
    };

    static final int MIN_BCRYPT_COST = 4;
    static final int MAX_BCRYPT_COST = 14;
    static final int MAX_SHA512_ROUNDS = 1_000_000;
    static final int MAX_SHA512_PASSWORD = 256;

    private final Pattern pattern;
    private final Set<String> schemes;

    HashForm(String pattern, String... schemes) {
        this.pattern = Pattern.compile(pattern);
        this.schemes = Set.of(schemes);
    }

    /** The form of a hash, by its beginning and its letters. */
    static Optional<HashForm> of(String hash) {
        return Stream.of(values()).filter(form -> form.pattern.matcher(hash).matches()).findFirst();
    }

    /** Whether Dovecot calls the form so. */
    boolean hasScheme(String scheme) {
        return schemes.contains(scheme);
    }

    /** Why a hash of this form is not taken; empty if it is. */
    abstract Optional<String> objection(String hash);

    /** Computes and compares; takes as long as the hash wants. */
    abstract boolean matches(String hash, Password password);

    /** Memory that the computation takes, where it is much. */
    int memoryKib(String hash) {
        return 0;
    }

    Matcher parts(String hash) {
        Matcher parts = pattern.matcher(hash);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not of the form " + this);
        }
        return parts;
    }
}
