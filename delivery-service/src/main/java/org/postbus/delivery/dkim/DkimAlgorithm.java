package org.postbus.delivery.dkim;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** How a key signs: the {@code a=} of signatures. Both hash with SHA-256; SHA-1 is forbidden (RFC 8301). */
public enum DkimAlgorithm {

    /** RSASSA-PKCS1-v1_5 with keys of 2048 bits (RFC 8301, section 3.2). */
    RSA_SHA256("rsa-sha256", "rsa", "RSA", "SHA256withRSA"),

    /** Ed25519 over the hash (RFC 8463, section 3). */
    ED25519_SHA256("ed25519-sha256", "ed25519", "Ed25519", "Ed25519");

    private static final int RSA_BITS = 2048;

    /** Octets of an Ed25519 public key, which end its SubjectPublicKeyInfo (RFC 8410, section 4). */
    private static final int ED25519_OCTETS = 32;

    private final String tag;
    private final String keyType;
    private final String keyAlgorithm;
    private final String signatureAlgorithm;

    DkimAlgorithm(String tag, String keyType, String keyAlgorithm, String signatureAlgorithm) {
        this.tag = tag;
        this.keyType = keyType;
        this.keyAlgorithm = keyAlgorithm;
        this.signatureAlgorithm = signatureAlgorithm;
    }

    /** The algorithm of a tag such as {@code rsa-sha256}. */
    public static Optional<DkimAlgorithm> of(String tag) {
        return Arrays.stream(values()).filter(algorithm -> algorithm.tag.equals(tag)).findFirst();
    }

    /** As it is written in {@code a=}. */
    public String tag() {
        return tag;
    }

    /** As it is written in {@code k=} of the DNS record. */
    String keyType() {
        return keyType;
    }

    KeyPair generate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(keyAlgorithm);
        if (this == RSA_SHA256) {
            generator.initialize(RSA_BITS);
        }
        return generator.generateKeyPair();
    }

    /** @param encoded PKCS #8 */
    PrivateKey privateKey(byte[] encoded) throws GeneralSecurityException {
        return KeyFactory.getInstance(keyAlgorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    /**
     * The key as {@code p=} of the DNS record has it: RSA as a whole (RFC 6376, section 3.6.1), Ed25519 without what says that it
     * is one (RFC 8463, section 4.2).
     *
     * @param encoded SubjectPublicKeyInfo
     */
    String publicKey(byte[] encoded) {
        byte[] octets = switch (this) {
            case RSA_SHA256 -> encoded;
            case ED25519_SHA256 -> Arrays.copyOfRange(encoded, encoded.length - ED25519_OCTETS, encoded.length);
        };
        return Base64.getEncoder().encodeToString(octets);
    }

    /** @param canonical header fields and the signature field itself, canonicalised */
    byte[] sign(PrivateKey key, byte[] canonical) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(signatureAlgorithm);
        signature.initSign(key);
        signature.update(switch (this) {
            case RSA_SHA256 -> canonical;
            case ED25519_SHA256 -> BodyHash.sha256().digest(canonical);
        });
        return signature.sign();
    }
}
