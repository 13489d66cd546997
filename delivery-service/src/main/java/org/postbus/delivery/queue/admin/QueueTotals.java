package org.postbus.delivery.queue.admin;

import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How many recipients are in the queue. */
@Schema(name = "QueueTotals")
public record QueueTotals(
        @Schema(description = "All of them") long recipients,
        long waiting, long attempting, long held, long arriving,
        @Schema(description = "Of those that wait, whose next attempt could begin now") long due,
        @Schema(description = "Since when the first of them is due", nullable = true) Optional<Instant> dueSince) {
}
