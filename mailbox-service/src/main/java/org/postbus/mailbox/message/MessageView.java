package org.postbus.mailbox.message;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A message of a maildrop. Header fields are as the mail has them: not decoded, cut at 250 octets. */
@Schema(name = "Message")
public record MessageView(
        @Schema(description = "The mail's id; in POP3 it is the unique-id (UIDL)") UUID mailId,
        @Schema(description = "As POP3 counts them, header section and body") long octets,
        Instant filedAt,
        String from,
        String subject,
        String date,
        @JsonIgnore @Schema(hidden = true) long seq) {
}
