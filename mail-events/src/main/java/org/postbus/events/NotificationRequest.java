package org.postbus.events;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.postbus.protocol.smtp.Notify;
import org.postbus.protocol.smtp.Return;

/**
 * What a client asked of delivery status notifications (RFC 3461).
 *
 * @param envelopeId by which the sender knows the mail again (ENVID)
 * @param returned   what a notification of failure returns of the mail (RET)
 * @param recipients those that something was asked about
 */
public record NotificationRequest(Optional<String> envelopeId, Optional<Return> returned, List<Recipient> recipients) {

    /**
     * @param forwardPath       as it stands in the envelope
     * @param notifyOn          when the client wants a notification; an empty set for never, empty where it left that open
     * @param originalRecipient who the sender named (ORCPT): address type, semicolon, address
     */
    public record Recipient(String forwardPath, Optional<Set<Notify>> notifyOn, Optional<String> originalRecipient) {

        public Recipient {
            notifyOn = notifyOn.map(when -> Collections.unmodifiableSet(new TreeSet<>(when)));
        }
    }

    public NotificationRequest {
        recipients = List.copyOf(recipients);
    }

    /** What was asked about a recipient; where it was named twice, the first time. */
    public Optional<Recipient> recipient(String forwardPath) {
        return recipients.stream().filter(one -> one.forwardPath().equals(forwardPath)).findFirst();
    }
}
