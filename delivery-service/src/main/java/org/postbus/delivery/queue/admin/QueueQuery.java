package org.postbus.delivery.queue.admin;

import jakarta.ws.rs.QueryParam;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.postbus.rest.ProblemType;

/** The parameters of a search; a {@code @BeanParam}. */
public class QueueQuery {

    @QueryParam("mailId")
    @Parameter(schema = @Schema(type = SchemaType.STRING))
    Optional<String> mailId = Optional.empty();

    @QueryParam("destination")
    @Parameter(description = "The final recipient's domain, U-labels or A-labels; an index finds it", example = "example.org")
    Optional<String> destination = Optional.empty();

    @QueryParam("recipient")
    @Parameter(description = "The original or the final recipient, in any case of letters", example = "bob@example.org")
    Optional<String> recipient = Optional.empty();

    @QueryParam("reversePath")
    @Parameter(description = "In any case of letters; `<>` is the null reverse-path", example = "alice@demo.test")
    Optional<String> reversePath = Optional.empty();

    @QueryParam("status")
    @Parameter(description = "Enhanced status code of the last attempt; `none`: there was no attempt yet", example = "4.7.1")
    Optional<String> status = Optional.empty();

    @QueryParam("reply")
    @Parameter(description = "Part of the last reply, in any case of letters", example = "greylisted")
    Optional<String> reply = Optional.empty();

    @QueryParam("state")
    @Parameter(description = "`waiting`, `attempting`, `held` or `arriving`", example = "held")
    Optional<String> state = Optional.empty();

    @QueryParam("queuedBefore")
    @Parameter(description = "Queued before that, ISO 8601", example = "2026-11-23T00:00:00Z")
    Optional<String> queuedBefore = Optional.empty();

    QueueFilter filter() {
        return new FilterText(mailId, destination, recipient, reversePath, status, reply, state, queuedBefore, Optional.empty())
                .filter(ProblemType.BAD_PARAMETER);
    }
}
