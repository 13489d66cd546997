/**
 * The client half of SMTP (RFC 5321) without sockets, threads or clocks: octets in, actions out.
 *
 * <p>From an octet to its effect: {@link org.postbus.protocol.smtp.client.SmtpClientEngine} is the connection, from greeting to
 * QUIT; {@code ReplyReader} frames and cleans what the remote says; {@code OutboundTransaction} is one mail on its way, its groups of
 * commands and what becomes of each recipient; {@code EnvelopeCommands} writes MAIL and RCPT; {@code DotStuffing} and {@code LineEnds}
 * see to mail data.
 */
package org.postbus.protocol.smtp.client;
