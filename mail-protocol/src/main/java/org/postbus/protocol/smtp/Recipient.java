package org.postbus.protocol.smtp;

import java.util.Optional;
import java.util.Set;
import org.postbus.protocol.address.ForwardPath;

/**
 * A forward-path with the parameters of its RCPT (RFC 3461, sections 4.1 and 4.2).
 *
 * @param notifyOn          when the client wants a notification; an empty set for NEVER, empty where it left that open
 * @param originalRecipient who the sender named, as address type, semicolon and address, without xtext
 */
public record Recipient(ForwardPath forwardPath, Optional<Set<Notify>> notifyOn, Optional<String> originalRecipient) {

    /** Without parameters. */
    public Recipient(ForwardPath forwardPath) {
        this(forwardPath, Optional.empty(), Optional.empty());
    }

    /** Octets, roughly, that it takes in memory. */
    public int weight() {
        return 200 + 2 * (forwardPath.text().length() + originalRecipient.map(String::length).orElse(0));
    }
}
