package org.postbus.mailbox.trail;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.postbus.events.TrailEvent;

/** One step of the trail, for the API. */
@Schema(name = "TrailEvent", description = "A step in the life of a mail or of a session")
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record TrailView(
        UUID id,
        Instant at,
        @Schema(description = "The service that took the step", examples = "smtp-gateway") String service,
        @Schema(description = "accepted, refused, expanded, routed, delivered, failed, relayed, delayed, retrieved, deleted",
                examples = "delivered") String step,
        Optional<UUID> mailId,
        Optional<UUID> sessionId,
        @Schema(description = "IP address of the peer; empty where there is none") String client,
        @Schema(description = "The account of a POP3 session or an import") Optional<UUID> accountId,
        long octets,
        List<Recipient> recipients,
        String detail) {

    /** A recipient that the step is about, in the words of RFC 3464. */
    @Schema(name = "TrailRecipient")
    public record Recipient(String originalRecipient, String finalRecipient, String status, String diagnosticCode) {

        static Recipient of(TrailEvent.Recipient recipient) {
            return new Recipient(TrailText.of(recipient.originalRecipient()), TrailText.of(recipient.finalRecipient()),
                    TrailText.of(recipient.status()), TrailText.of(recipient.diagnosticCode()));
        }
    }

    static TrailView of(TrailEvent event) {
        return new TrailView(event.id(), event.at(), TrailText.of(event.service()),
                event.step().name().toLowerCase(Locale.ROOT), event.mailId(), event.sessionId(),
                TrailText.of(event.client()), event.account(), event.octets(),
                event.recipients().stream().map(Recipient::of).toList(), TrailText.of(event.detail()));
    }
}
