package org.postbus.delivery.dkim;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Seals private keys with AES-256-GCM, so that the database and its backups are of no use without the file that holds the secret.
 * The key is derived from it by HKDF with SHA-256 (RFC 5869). Of several secrets the first seals, and each opens, so that one can
 * follow another. Safe for all threads.
 */
final class KeyCipher {

    /** Characters of the shortest secret that is taken: 128 bits in hexadecimal. */
    static final int MIN_LENGTH = 32;

    static final String SETTING = "delivery.secret-file";

    private static final int NONCE_OCTETS = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_OCTETS = 32;
    private static final byte[] PURPOSE = "postbus dkim keys 1".getBytes(StandardCharsets.US_ASCII);

    private final List<SecretKey> keys;
    private final SecureRandom random = new SecureRandom();

    /** @param octets with the authentication tag */
    record Sealed(byte[] nonce, byte[] octets) {
    }

    /** @param secrets the first one seals, each of them opens */
    KeyCipher(List<String> secrets) {
        if (secrets.isEmpty() || secrets.stream().anyMatch(secret -> secret.length() < MIN_LENGTH)) {
            throw new IllegalArgumentException("a secret has at least " + MIN_LENGTH + " characters");
        }
        keys = secrets.stream().map(KeyCipher::derived).toList();
    }

    /**
     * With the secrets of a file, one a line.
     *
     * @throws ConfigurationException the file cannot be read, or holds too little
     */
    static KeyCipher of(Path file) {
        try {
            return new KeyCipher(Files.readString(file, StandardCharsets.UTF_8).lines().map(String::strip)
                    .filter(line -> !line.isEmpty()).toList());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    SETTING + ": the secret in " + file + " is shorter than " + MIN_LENGTH + " characters");
        } catch (IOException e) {
            // Without its cause: a start-up that fails by configuration is one line, not a stack trace.
            throw new ConfigurationException(SETTING + ": cannot read " + file + " (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** Whether there are secrets that open and do not seal. */
    boolean isRotating() {
        return keys.size() > 1;
    }

    /** Under a nonce of its own; only where it was sealed for does it open. */
    Sealed seal(byte[] octets, String domain, String selector) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE_OCTETS];
        random.nextBytes(nonce);
        return new Sealed(nonce, cipher(Cipher.ENCRYPT_MODE, keys.getFirst(), nonce, domain, selector).doFinal(octets));
    }

    /** @throws GeneralSecurityException the secret is another one than any here, or the row is not what it was */
    byte[] open(Sealed sealed, String domain, String selector) throws GeneralSecurityException {
        for (SecretKey key : keys) {
            Optional<byte[]> octets = opened(key, sealed, domain, selector);
            if (octets.isPresent()) {
                return octets.get();
            }
        }
        throw new AEADBadTagException("no secret opens it");
    }

    /**
     * The same under the first secret, where it is under a later one.
     *
     * @return empty if it is under the first
     * @throws GeneralSecurityException as {@link #open}
     */
    Optional<Sealed> anew(Sealed sealed, String domain, String selector) throws GeneralSecurityException {
        return opened(keys.getFirst(), sealed, domain, selector).isPresent() ? Optional.empty()
                : Optional.of(seal(open(sealed, domain, selector), domain, selector));
    }

    private static SecretKey derived(String secret) {
        try {
            HKDFParameterSpec derivation = HKDFParameterSpec.ofExtract().addIKM(secret.getBytes(StandardCharsets.UTF_8))
                    .thenExpand(PURPOSE, KEY_OCTETS);
            return KDF.getInstance("HKDF-SHA256").deriveKey("AES", derivation);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HKDF-SHA256", e);
        }
    }

    private static Optional<byte[]> opened(SecretKey key, Sealed sealed, String domain, String selector)
            throws GeneralSecurityException {
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, key, sealed.nonce(), domain, selector).doFinal(sealed.octets()));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String domain, String selector)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        // No name holds a NUL, so no other pair makes the same octets.
        cipher.updateAAD((domain + '\0' + selector).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
