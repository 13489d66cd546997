package org.postbus.protocol.smtp.client;

/** What a host wants of STARTTLS (RFC 3207) on a connection that begins in clear text. */
public enum TlsWish {
    /** Not asked for, even where it is offered. */
    NEVER,
    /** Asked for where it is offered; a remote that refuses is used in clear text, and the host told. */
    IF_OFFERED,
    /** Without it no mail leaves: the connection fails, for a time. */
    REQUIRED
}
