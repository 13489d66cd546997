package org.postbus.protocol.pop3;

import java.time.Duration;

/**
 * What the operator decides about sessions.
 *
 * @param hostname     names the server in the greeting
 * @param loginAllowed whether USER and PASS may be used on this connection
 * @param loginDelay   pause after the first refused login; doubles with each further one
 * @param maxDeletions messages that one session may mark as deleted
 */
public record Pop3Policy(String hostname, boolean loginAllowed, Duration loginDelay, int maxDeletions) {

    /** Refused logins after which the session ends. */
    public static final int MAX_LOGIN_FAILURES = 3;

    /** Commands that are unknown, malformed or out of order, after which the session ends. */
    public static final int MAX_BAD_COMMANDS = 20;
}
