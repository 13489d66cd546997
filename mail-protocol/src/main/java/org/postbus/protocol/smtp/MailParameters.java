package org.postbus.protocol.smtp;

import java.util.OptionalLong;

/**
 * The parameters of MAIL.
 *
 * @param declaredSize octets that the client announces (RFC 1870); nothing trusts it
 * @param eightBit     whether the client announces BODY=8BITMIME (RFC 6152); octets pass unchanged either way
 */
public record MailParameters(OptionalLong declaredSize, boolean eightBit) {

    static final MailParameters NONE = new MailParameters(OptionalLong.empty(), false);
}
