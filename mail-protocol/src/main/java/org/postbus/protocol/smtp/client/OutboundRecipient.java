package org.postbus.protocol.smtp.client;

import java.util.Optional;
import java.util.Set;
import org.postbus.protocol.smtp.Notify;

/**
 * A recipient of a mail that leaves.
 *
 * @param forwardPath       without angle brackets; not believed: it is parsed again before it is sent
 * @param notifyOn          for NOTIFY (RFC 3461, section 4.1): an empty set is NEVER; empty where the sender left that open
 * @param originalRecipient for ORCPT (section 4.2): address type, semicolon and address, without xtext. What cannot be written in
 *                          500 characters is left out
 */
public record OutboundRecipient(String forwardPath, Optional<Set<Notify>> notifyOn, Optional<String> originalRecipient) {

    /** Without parameters. */
    public OutboundRecipient(String forwardPath) {
        this(forwardPath, Optional.empty(), Optional.empty());
    }
}
