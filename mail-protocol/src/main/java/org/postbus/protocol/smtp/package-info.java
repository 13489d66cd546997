/**
 * The server half of SMTP (RFC 5321) without sockets, threads or clocks: octets in, actions out.
 *
 * <p>From an octet to its effect: {@link org.postbus.protocol.smtp.SmtpServerEngine} is the state machine;
 * {@code CommandLines} and {@code DataReader} frame octets for it; {@code CommandParser} reads a command;
 * {@code Verb} is the table of commands and their order; {@link org.postbus.protocol.smtp.Replies} holds every
 * reply.
 */
package org.postbus.protocol.smtp;
