package org.postbus.mailbox.maildrop;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A session that has a maildrop locked. */
@Schema(name = "MaildropSession")
public record SessionView(
        UUID sessionId,
        @Schema(description = "The account's address") String account,
        @Schema(description = "The gateway instance") String gateway,
        @Schema(description = "IP address of the POP3 client") String client,
        Instant openedAt,
        @Schema(description = "When the lease ends, unless it is renewed") Instant expiresAt,
        @Schema(description = "Whether the lock was broken: no renewal any more") boolean revoked,
        @JsonIgnore @Schema(hidden = true) UUID accountId) {
}
