package org.postbus.protocol.smtp;

/** The engine's fixed limits, in octets unless named otherwise. Those an operator sets are settings. */
final class SmtpLimits {

    /** A command line with its CRLF (RFC 5321, section 4.5.3.1.4). */
    static final int COMMAND_LINE = 512;

    /**
     * What SIZE (RFC 1870: 26), 8BITMIME (RFC 6152: 17), AUTH (RFC 4954: 500), SMTPUTF8 (RFC 6531: 10), RET (RFC 3461: 9) and
     * ENVID (107) add to MAIL.
     */
    static final int MAIL_PARAMETERS = 26 + 17 + 500 + 10 + 9 + 107;

    /** What NOTIFY (RFC 3461: 29) and ORCPT (507) add to RCPT. */
    static final int RCPT_PARAMETERS = 29 + 507;

    /** A text line of mail data with its CRLF; RFC 5321 asks for 1000, clients send more. */
    static final int TEXT_LINE = 8192;

    /** Mail data past its limit that is read and dropped, to be able to say why, before the session closes. */
    static final int EXCESS = 1024 * 1024;

    /** Bad commands of a session that are answered; the next one ends it. */
    static final int BAD_COMMANDS = 20;

    /** Logins of a session that may fail; the last of them ends it. */
    static final int FAILED_LOGINS = 3;

    /** Received fields of a mail (RFC 5321, section 6.3, asks for at least 100 where mail is relayed on). */
    static final int HOPS = 50;

    private SmtpLimits() {}
}
