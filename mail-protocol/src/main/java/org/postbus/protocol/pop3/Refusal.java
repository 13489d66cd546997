package org.postbus.protocol.pop3;

/** Why the host cannot give what the engine asked for. */
public enum Refusal {
    /** Wrong name or password, or the account is disabled. */
    CREDENTIALS,
    /** Another session holds the lock of the maildrop. */
    IN_USE,
    /** The message has header fields that are not ASCII, and the session is not in UTF-8 mode. */
    NEEDS_UTF8,
    /** It may work later. */
    TEMPORARY,
    /** It will not work later either. */
    PERMANENT
}
