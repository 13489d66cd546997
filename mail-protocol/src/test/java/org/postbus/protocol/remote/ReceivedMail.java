package org.postbus.protocol.remote;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A mail as a remote got it.
 *
 * @param mail       the MAIL command
 * @param recipients the RCPT commands that were accepted
 * @param octets     mail data, without dot-stuffing
 * @param tls        whether it came under TLS
 */
public record ReceivedMail(String mail, List<String> recipients, byte[] octets, boolean tls) {

    public String text() {
        return new String(octets, StandardCharsets.UTF_8);
    }
}
