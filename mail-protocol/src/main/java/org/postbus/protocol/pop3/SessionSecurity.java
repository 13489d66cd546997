package org.postbus.protocol.pop3;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postbus.protocol.sasl.SaslMechanism;

/** What protects a session, which mode it asked for before its login, and what it may do by that. */
final class SessionSecurity {

    /** What is announced whatever protects the session (RFC 2449, RFC 3206, RFC 6856). */
    private static final List<String> ALWAYS = List.of("TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING",
            "EXPIRE NEVER", "UTF8 USER", "IMPLEMENTATION Postbus");

    private final Pop3Policy policy;
    private boolean secured;
    private boolean utf8;
    private int failedLogins;

    SessionSecurity(Pop3Policy policy, boolean secured) {
        this.policy = policy;
        this.secured = secured;
    }

    /** All that was said before the handshake is forgotten; failures still count. */
    void secured() {
        secured = true;
    }

    /** UTF-8 mode (RFC 6856, section 2.1), which lasts as long as the session. */
    void useUtf8() {
        utf8 = true;
    }

    boolean utf8() {
        return utf8;
    }

    /** Counts a refused login; how long to wait before it is told. */
    Duration failed() {
        return policy.loginDelay().multipliedBy(1L << failedLogins++);
    }

    boolean tooManyFailures() {
        return failedLogins >= Pop3Policy.MAX_LOGIN_FAILURES;
    }

    Optional<Response> refusalOfLogin() {
        return mayLogIn() ? Optional.empty() : Optional.of(Response.NO_CLEAR_TEXT);
    }

    /** After UTF8 a client must not ask for it any more (RFC 6856, section 2.1). */
    Optional<Response> refusalOfStls() {
        return !policy.tls() ? Optional.of(Response.NO_TLS)
                : secured ? Optional.of(Response.SECURED_BEFORE)
                : utf8 ? Optional.of(Response.TLS_COMES_FIRST) : Optional.empty();
    }

    /** What CAPA announces (RFC 2449, section 5): what may be used now. */
    List<String> capabilities(boolean authorized) {
        List<String> capabilities = new ArrayList<>();
        if (mayLogIn()) {
            capabilities.add("USER");
            capabilities.add("SASL " + SaslMechanism.NAMES);
        }
        if (!authorized && refusalOfStls().isEmpty()) {
            capabilities.add("STLS");
        }
        capabilities.addAll(ALWAYS);
        return capabilities;
    }

    private boolean mayLogIn() {
        return secured || policy.loginInClear();
    }
}
