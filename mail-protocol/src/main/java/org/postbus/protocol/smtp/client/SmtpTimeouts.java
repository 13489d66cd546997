package org.postbus.protocol.smtp.client;

import java.time.Duration;

/** How long a remote may take (RFC 5321, section 4.5.3.2). */
public final class SmtpTimeouts {

    public static final Duration GREETING = Duration.ofMinutes(5);
    public static final Duration MAIL = Duration.ofMinutes(5);
    public static final Duration RCPT = Duration.ofMinutes(5);
    public static final Duration DATA_INITIATION = Duration.ofMinutes(2);
    /** To take what is written of mail data, or to answer a chunk that is not the last. */
    public static final Duration DATA_BLOCK = Duration.ofMinutes(3);
    public static final Duration DATA_TERMINATION = Duration.ofMinutes(10);
    /** All other commands, about which the RFC says nothing. */
    public static final Duration COMMAND = Duration.ofMinutes(5);
    /** QUIT: no mail waits for its reply. */
    public static final Duration QUIT = Duration.ofSeconds(10);

    private SmtpTimeouts() {}
}
