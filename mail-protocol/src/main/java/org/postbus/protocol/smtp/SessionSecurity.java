package org.postbus.protocol.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postbus.protocol.sasl.SaslMechanism;
import org.postbus.protocol.tls.Tls;

/** What protects a session, who it is, and what it may do by that. */
final class SessionSecurity {

    private final SmtpServerSettings settings;
    private Optional<Tls> tls;
    private boolean loggedIn;
    private int failedLogins;

    SessionSecurity(SmtpServerSettings settings, Optional<Tls> tls) {
        this.settings = settings;
        this.tls = tls;
    }

    Optional<Tls> tls() {
        return tls;
    }

    /** All that was said before the handshake is forgotten; failures still count. */
    void secured(Tls agreed) {
        tls = Optional.of(agreed);
        loggedIn = false;
    }

    void loggedIn() {
        loggedIn = true;
    }

    /** Whether one failure more is one too many. */
    boolean isLastFailure() {
        return ++failedLogins >= SmtpLimits.FAILED_LOGINS;
    }

    /** The transmission type for the Received field (RFC 3848). */
    String protocol(boolean extended) {
        return !extended ? "SMTP" : "ESMTP" + (tls.isPresent() ? "S" : "") + (loggedIn ? "A" : "");
    }

    Optional<Reply> refusalOfStartTls() {
        return !settings.tls() ? Optional.of(Replies.NOT_OFFERED)
                : tls.isPresent() ? Optional.of(Replies.SECURED_BEFORE) : Optional.empty();
    }

    Optional<Reply> refusalOfAuth() {
        return loggedIn ? Optional.of(Replies.LOGGED_IN_BEFORE)
                : mayLogIn() ? Optional.empty() : Optional.of(Replies.ENCRYPT_FIRST);
    }

    Optional<Reply> refusalOfMail() {
        return settings.service() == SmtpService.MX || loggedIn ? Optional.empty()
                : Optional.of(mayLogIn() ? Replies.LOG_IN_FIRST : Replies.START_TLS_FIRST);
    }

    /** To HELO or EHLO, which announces what the session may do now. */
    Reply replyTo(Helo greeting) {
        return greeting.extended() ? Replies.ehlo(settings.hostname(), extensions()) : Replies.helo(settings.hostname());
    }

    private List<String> extensions() {
        List<String> extensions = new ArrayList<>(List.of("PIPELINING", "SIZE " + settings.maxMessageSize(), "8BITMIME",
                "ENHANCEDSTATUSCODES", "CHUNKING", "SMTPUTF8", "DSN", limits()));
        if (refusalOfStartTls().isEmpty()) {
            extensions.add("STARTTLS");
        }
        if (mayLogIn() && !loggedIn) {
            extensions.add("AUTH " + SaslMechanism.NAMES);
        }
        return extensions;
    }

    /** RFC 9422, section 4. */
    private String limits() {
        String mails = settings.maxMails() == 0 ? "" : " MAILMAX=" + settings.maxMails();
        return "LIMITS RCPTMAX=" + settings.maxRecipients() + mails;
    }

    private boolean mayLogIn() {
        return settings.service() == SmtpService.SUBMISSION && (tls.isPresent() || settings.loginInClear());
    }
}
