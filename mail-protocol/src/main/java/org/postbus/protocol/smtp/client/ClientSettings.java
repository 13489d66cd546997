package org.postbus.protocol.smtp.client;

import java.util.Optional;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.sasl.Credentials;

/**
 * What a host decides about a connection.
 *
 * @param hostname    our name or address literal for EHLO: visible ASCII, at most 255 octets
 * @param tls         whether the connection began with its handshake
 * @param tlsWish     what is wanted of STARTTLS where it did not
 * @param credentials for AUTH PLAIN, or LOGIN where only that is offered; sent under TLS or not at all. Where they are given and the
 *                    remote does not take them, no mail leaves
 */
public record ClientSettings(String hostname, boolean tls, TlsWish tlsWish, Optional<Credentials> credentials) {

    /** @throws IllegalArgumentException where the hostname is none, or a NUL in the credentials would end them (RFC 4616) */
    public ClientSettings {
        if (hostname.isEmpty() || hostname.length() > Mailbox.MAX_DOMAIN || !hostname.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IllegalArgumentException("not a hostname");
        }
        if (credentials.stream().anyMatch(given -> given.name().indexOf('\0') >= 0 || given.password().indexOf('\0') >= 0)) {
            throw new IllegalArgumentException("NUL in credentials");
        }
    }
}
