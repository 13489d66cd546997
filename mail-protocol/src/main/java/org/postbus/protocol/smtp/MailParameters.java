package org.postbus.protocol.smtp;

import java.util.OptionalLong;

/**
 * The parameters of MAIL.
 *
 * @param declaredSize octets that the client announces (RFC 1870); nothing trusts it
 * @param eightBit     whether the client announces BODY=8BITMIME (RFC 6152); octets pass unchanged either way
 * @param smtpUtf8     whether the client announces addresses or header fields outside ASCII (RFC 6531)
 */
public record MailParameters(OptionalLong declaredSize, boolean eightBit, boolean smtpUtf8) {

    static final MailParameters NONE = new MailParameters(OptionalLong.empty(), false, false);

    MailParameters withSize(long octets) {
        return new MailParameters(OptionalLong.of(octets), eightBit, smtpUtf8);
    }

    MailParameters withEightBit(boolean announced) {
        return new MailParameters(declaredSize, announced, smtpUtf8);
    }

    MailParameters withSmtpUtf8() {
        return new MailParameters(declaredSize, eightBit, true);
    }
}
