package org.postbus.events;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Messages were deleted from a maildrop: the promise behind the +OK to QUIT, and the only way a message is
 * ever deleted.
 *
 * @param accountId the maildrop
 * @param sessionId the POP3 session whose UPDATE state this is; its lock is released with the deletions, and if it
 *                  was fenced before, nothing happens. Empty where the deletion comes from the API or from expiry
 * @param deleted   mail ids, at most {@link Topics#MAX_DELETIONS}
 * @param cause     {@code pop3}, {@code rest} or {@code expiry}
 */
public record MaildropUpdated(UUID accountId, Optional<UUID> sessionId, List<UUID> deleted, String cause, Instant at) {

    public MaildropUpdated {
        deleted = List.copyOf(deleted);
    }
}
