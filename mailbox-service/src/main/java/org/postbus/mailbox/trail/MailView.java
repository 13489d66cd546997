package org.postbus.mailbox.trail;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A mail as the search shows it. */
@Schema(name = "Mail", description = "A mail that came to this platform, and how its recipients fared")
public record MailView(
        UUID mailId,
        @Schema(description = "Lower case; empty for the null reverse-path") String reversePath,
        Instant firstAt,
        @Schema(description = "At most 20") List<Recipient> recipients) {

    /** The last that is known of a recipient. */
    @Schema(name = "MailRecipient")
    public record Recipient(String recipient, String finalRecipient,
            @Schema(description = "The last step", examples = "delivered") String step,
            @Schema(description = "Enhanced status code (RFC 3463)", examples = "2.0.0") String status, Instant at) {
    }
}
