package org.postbus.delivery.queue.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.postbus.rest.Cursor;
import org.postbus.rest.Fields;
import org.postbus.rest.ProblemType;

/** {@code /api/v1/queue/retry} and so on: the same actions on all that a filter fits. */
@Path("/api/v1/queue")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "queue")
public class QueueBulkResource {

    private static final String IN_PARTS = "A request works for 20 s at most, 500 recipients a transaction; where `next` is not null "
            + "there is more to do: send the same again with it as `cursor`.";

    private final QueueActions actions;

    public QueueBulkResource(QueueActions actions) {
        this.actions = actions;
    }

    /** Whom an action is for. */
    @Schema(name = "QueueBulk", requiredProperties = "filter")
    public record Bulk(FilterText filter, @Schema(nullable = true, description = "`next` of the request before")
            Optional<String> cursor) {
    }

    /** Whom a cancellation is for. */
    @Schema(name = "QueueBulkCancellation", requiredProperties = "filter")
    public record BulkCancellation(FilterText filter, @Schema(nullable = true, description = "`next` of the request before")
            Optional<String> cursor, @Schema(nullable = true, defaultValue = "true", description = "Whether reverse-paths get "
            + "notifications, if they want to hear of failures") @JsonProperty("notify") Optional<Boolean> tells) {
    }

    @POST
    @Path("/retry")
    @Operation(operationId = "retryQueue", summary = "Make the next attempts due now", description = IN_PARTS)
    public ActionResult retry(Bulk body) throws SQLException {
        return act(QueueAction.RETRY, Fields.body(body), false);
    }

    @POST
    @Path("/hold")
    @Operation(operationId = "holdQueue", summary = "Attempt them no more until they are released", description = IN_PARTS)
    public ActionResult hold(Bulk body) throws SQLException {
        return act(QueueAction.HOLD, Fields.body(body), false);
    }

    @POST
    @Path("/release")
    @Operation(operationId = "releaseQueue", summary = "Hold them no longer: their next attempts are due now", description = IN_PARTS)
    public ActionResult release(Bulk body) throws SQLException {
        return act(QueueAction.RELEASE, Fields.body(body), false);
    }

    @POST
    @Path("/cancel")
    @Operation(operationId = "cancelQueue", summary = "Take them out of the queue, with notifications or without",
            description = "There is no way back. " + IN_PARTS)
    public ActionResult cancel(BulkCancellation body) throws SQLException {
        BulkCancellation given = Fields.body(body);
        return act(QueueAction.CANCEL, new Bulk(given.filter(), given.cursor()), given.tells().orElse(true));
    }

    private ActionResult act(QueueAction action, Bulk bulk, boolean notify) throws SQLException {
        FilterText text = Fields.required("filter", bulk.filter());
        QueueFilter filter = text.filter(ProblemType.INVALID);
        if (filter.isEmpty() != text.all().orElse(false)) {
            throw ProblemType.INVALID.because("give a filter, or all: true and nothing beside it");
        }
        return actions.run(action, filter, bulk.cursor().map(Cursor::decode).map(RecipientKey::of), notify);
    }
}
