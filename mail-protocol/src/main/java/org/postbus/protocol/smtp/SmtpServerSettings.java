package org.postbus.protocol.smtp;

/**
 * What an operator decides about a session.
 *
 * @param hostname       names this server in the greeting
 * @param service        for whom the port is
 * @param requireHelo    whether MAIL needs HELO or EHLO before it; else a client that never greets is served
 * @param maxMessageSize octets of mail data; announced as SIZE
 * @param maxRecipients  accepted recipients of one mail
 * @param maxMails       mails of one session; 0 for any number
 * @param tls            whether STARTTLS is offered to a session that is in clear text
 * @param loginInClear   whether AUTH is offered in clear text too: to loopback peers
 */
public record SmtpServerSettings(String hostname, SmtpService service, boolean requireHelo, long maxMessageSize,
        int maxRecipients, int maxMails, boolean tls, boolean loginInClear) {}
