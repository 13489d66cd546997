package org.postbus.protocol.smtp.client;

import java.util.List;
import java.util.Optional;
import org.postbus.protocol.smtp.Return;

/**
 * A mail that leaves, without its data.
 *
 * @param reversePath without angle brackets; empty for the null reverse-path
 * @param recipients  in the order of their RCPT commands
 * @param octets      of mail data, exactly: the engine asks for so many, and the mail ends with the last of them
 * @param eightBit    whether an octet of the mail data is above 127: needs 8BITMIME (RFC 6152)
 * @param utf8Header  whether its header section is not ASCII: needs SMTPUTF8 (RFC 6531). What the addresses need, the engine sees
 * @param returned    for RET (RFC 3461, section 4.3)
 * @param envelopeId  for ENVID (section 4.4), without xtext; left out where it cannot be written in 100 characters
 */
public record OutboundMail(String reversePath, List<OutboundRecipient> recipients, long octets, boolean eightBit, boolean utf8Header,
        Optional<Return> returned, Optional<String> envelopeId) {

    /** @throws IllegalArgumentException without a recipient, or where octets are fewer than none */
    public OutboundMail {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty() || octets < 0) {
            throw new IllegalArgumentException("no recipient, or a negative size");
        }
    }
}
