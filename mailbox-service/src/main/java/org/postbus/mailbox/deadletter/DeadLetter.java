package org.postbus.mailbox.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A dead letter as the API shows it; its octets are a mail's and stay where they are. */
@Schema(description = "A record that a service could not apply")
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record DeadLetter(
        UUID id,
        @Schema(description = "The service that could not apply it", examples = "mailbox") String service,
        @Schema(examples = "mail.routed") String topic,
        int partition,
        long offset,
        String reason,
        Instant buriedAt,
        Optional<UUID> mailId,
        @Schema(description = "Octets of the value") long octets,
        @Schema(description = "Whether its value had to be cut; it cannot be replayed then") boolean cut,
        Optional<Instant> replayedAt) {
}
