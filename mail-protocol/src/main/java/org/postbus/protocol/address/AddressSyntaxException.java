package org.postbus.protocol.address;

/** A text that is no path or mailbox of RFC 5321. Cheap to throw: it bears no stack trace. */
public final class AddressSyntaxException extends IllegalArgumentException {

    /** What kind of fault the text has; each leads to a reply of its own. */
    public enum Fault {
        /** The text breaks the grammar. */
        SYNTAX,
        /** A local part over 64, a domain over 255 or a path over 256 octets (RFC 5321, section 4.5.3.1). */
        TOO_LONG
    }

    private final Fault fault;

    AddressSyntaxException(Fault fault, String message) {
        super(message);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
