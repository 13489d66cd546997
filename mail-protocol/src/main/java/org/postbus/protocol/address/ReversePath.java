package org.postbus.protocol.address;

/** The argument of MAIL (RFC 5321, section 4.1.1.2): where a delivery status notification goes. */
public sealed interface ReversePath {

    /** The null reverse-path {@code <>} of notifications: nothing is ever sent back to it. */
    record None() implements ReversePath {
        @Override
        public String text() {
            return "";
        }
    }

    /** A mailbox. */
    record Of(Mailbox mailbox) implements ReversePath {
        @Override
        public String text() {
            return mailbox.toString();
        }
    }

    /** The path without angle brackets; empty for the null reverse-path. */
    String text();

    /** Whether it can be used without SMTPUTF8 (RFC 6531). */
    default boolean isAscii() {
        return International.isAscii(text());
    }

    /**
     * Reads what {@link #text()} wrote.
     *
     * @throws AddressSyntaxException where the text is no mailbox
     */
    static ReversePath parse(String text) {
        return text.isEmpty() ? new None() : new Of(Mailbox.parse(text));
    }
}
