package org.postbus.delivery.queue.admin;

import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Recipients that have something in common. */
@Schema(name = "QueueGroup", description = "Recipients with the same reason (status and reply) or destination; the filter takes both")
public record QueueGroup(
        @Schema(description = "By destination", nullable = true) Optional<String> destination,
        @Schema(description = "By reason; null before the first attempt", nullable = true) Optional<String> status,
        @Schema(description = "By reason", nullable = true) Optional<String> reply,
        long recipients,
        Instant oldestQueuedAt,
        @Schema(description = "Of the first; null where all are held or arrive", nullable = true) Optional<Instant> nextAttemptAt) {
}
