package org.postbus.protocol.smtp;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The parameters of MAIL.
 *
 * @param declaredSize octets that the client announces (RFC 1870); nothing trusts it
 * @param eightBit     whether the client announces BODY=8BITMIME (RFC 6152); octets pass unchanged either way
 * @param smtpUtf8     whether the client announces addresses or header fields outside ASCII (RFC 6531)
 * @param returned     what a notification of failure shall return (RFC 3461, section 4.3)
 * @param envelopeId   by which the sender knows the mail again in notifications (RFC 3461, section 4.4); without xtext
 */
public record MailParameters(OptionalLong declaredSize, boolean eightBit, boolean smtpUtf8, Optional<Return> returned,
        Optional<String> envelopeId) {

    static final MailParameters NONE =
            new MailParameters(OptionalLong.empty(), false, false, Optional.empty(), Optional.empty());
}
