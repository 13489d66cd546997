package org.postbus.protocol.smtp;

/** What a port is for. */
public enum SmtpService {
    /** Takes mail for local recipients from any server (RFC 5321); nobody logs in. */
    MX,
    /** Takes mail from the accounts of this server, which have to log in (RFC 6409). */
    SUBMISSION
}
