package org.postbus.protocol.address;

/** The argument of RCPT (RFC 5321, section 4.1.1.3). */
public sealed interface ForwardPath {

    /** {@code <Postmaster>} without a domain: the postmaster of this server (RFC 5321, section 4.5.1). */
    record Postmaster() implements ForwardPath {
        @Override
        public String text() {
            return "postmaster";
        }
    }

    /** A mailbox. */
    record Of(Mailbox mailbox) implements ForwardPath {
        @Override
        public String text() {
            return mailbox.toString();
        }
    }

    /** The path without angle brackets. */
    String text();

    /** Whether it can be used without SMTPUTF8 (RFC 6531). */
    default boolean isAscii() {
        return International.isAscii(text());
    }
}
