package org.postbus.protocol.smtp;

/**
 * What an operator decides about a session.
 *
 * @param hostname       names this server in the greeting
 * @param requireHelo    whether MAIL needs HELO or EHLO before it; else a client that never greets is served
 * @param maxMessageSize octets of mail data; announced as SIZE
 * @param maxRecipients  accepted recipients of one mail
 */
public record SmtpServerSettings(String hostname, boolean requireHelo, long maxMessageSize, int maxRecipients) {}
