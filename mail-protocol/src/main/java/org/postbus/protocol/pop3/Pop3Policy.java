package org.postbus.protocol.pop3;

import java.time.Duration;

/**
 * What the operator decides about sessions.
 *
 * @param hostname     names the server in the greeting
 * @param tls          whether STLS is offered
 * @param loginInClear whether a login is allowed that nothing protects
 * @param loginDelay   pause after the first refused login; doubles with each further one
 * @param maxDeletions messages that one session may mark as deleted
 */
public record Pop3Policy(String hostname, boolean tls, boolean loginInClear, Duration loginDelay, int maxDeletions) {

    /** Refused logins after which the session ends. */
    public static final int MAX_LOGIN_FAILURES = 3;

    /** Commands that are unknown, malformed or out of order, after which the session ends. */
    public static final int MAX_BAD_COMMANDS = 20;
}
