package org.postbus.protocol.tls;

/**
 * What a TLS handshake agreed on.
 *
 * @param version the protocol, for example {@code TLSv1.3}
 * @param cipher  the cipher suite by its registered name, for example {@code TLS_AES_128_GCM_SHA256}
 */
public record Tls(String version, String cipher) {

    @Override
    public String toString() {
        return version + " " + cipher;
    }
}
