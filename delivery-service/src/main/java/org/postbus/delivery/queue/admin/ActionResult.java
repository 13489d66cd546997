package org.postbus.delivery.queue.admin;

import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What an action came to. */
@Schema(name = "QueueActionResult")
public record ActionResult(
        @Schema(description = "Recipients that are changed") long changed,
        @Schema(description = "Recipients that are meant and stay as they are: they are attempted just now, or (retry, cancel) their "
                + "mail still arrives") long attempting,
        @Schema(description = "There was more to look at than there is time for in one request: send the same again with this `cursor`; "
                + "null when all is done", nullable = true) Optional<String> next) {
}
