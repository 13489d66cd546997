package org.postbus.delivery.queue.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.postbus.delivery.queue.MailRows;
import org.postbus.delivery.queue.QueuedMail;
import org.postbus.rest.Page;
import org.postbus.rest.PageRequest;
import org.postbus.rest.ProblemType;
import org.postbus.rest.Uuids;

/** {@code /api/v1/queue}: what is in the outbound queue, and actions on one mail. */
@Path("/api/v1/queue")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "queue", description = "Mail for recipients elsewhere")
public class QueueResource {

    private final AgroalDataSource dataSource;
    private final QueueCounts counts;
    private final QueueActions actions;

    public QueueResource(@DataSource("delivery") AgroalDataSource dataSource, QueueCounts counts, QueueActions actions) {
        this.dataSource = dataSource;
        this.counts = counts;
        this.actions = actions;
    }

    /** A mail with its recipients that are left, the first thousand of them. */
    @Schema(name = "QueuedMail")
    public record MailView(UUID mailId, @Schema(description = "Of the envelope; empty for the null reverse-path") String reversePath,
            Instant acceptedAt, @Schema(description = "As the client sent them; 0 while the mail arrives") long octets,
            @Schema(description = "Those that are left, 1000 at most") List<QueueItem> recipients,
            @Schema(description = "The `cursor` of `GET /api/v1/queue?mailId=` for those that are not shown", nullable = true)
            Optional<String> next) {
    }

    /** The queue in numbers. */
    @Schema(name = "QueueGroups")
    public record Groups(QueueTotals totals, @Schema(description = "The 100 largest, the largest first") List<QueueGroup> groups) {
    }

    /** Whom of a mail an action is for. */
    @Schema(name = "QueueRecipientChoice")
    public record Choice(@Schema(nullable = true, description = "The original or the final recipient; without it all of the mail's")
            Optional<String> recipient) {
    }

    /** Whom of a mail a cancellation is for. */
    @Schema(name = "QueueCancellation")
    public record Cancelling(@Schema(nullable = true, description = "The original or the final recipient; without it all of the mail's")
            Optional<String> recipient, @Schema(nullable = true, defaultValue = "true", description = "Whether the reverse-path gets "
            + "a notification, if it wants to hear of failures") @JsonProperty("notify") Optional<Boolean> tells) {
    }

    @GET
    @Operation(operationId = "listQueue", summary = "Search the queue, the oldest mail first",
            description = "A request looks at 100000 recipients at most. A page may so have fewer items than asked for, or none, and "
                    + "still have `next`: only where that is null is nothing left. A filter by destination or mailId finds the "
                    + "quickest.")
    public Page<QueueItem> list(@BeanParam QueueQuery query, @BeanParam PageRequest page) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            Stretch found = QueueSearch.listing(query.filter()).find(connection, page.after().map(RecipientKey::of), page.limit());
            return new Page<>(found.items(), found.next().map(RecipientKey::cursor));
        }
    }

    @GET
    @Path("/groups")
    @Operation(operationId = "groupQueue", summary = "Count the queue by reason or destination",
            description = "All of the queue is read for it, a million recipients in a second or so; it gives up after 10 s.")
    public Groups groups(@QueryParam("by") @Parameter(description = "`reason`: status and last reply; or `destination`",
            schema = @Schema(type = SchemaType.STRING, defaultValue = "reason")) Optional<String> by) throws SQLException {
        QueueCounts.By grouping = switch (by.orElse("reason").toLowerCase(Locale.ROOT)) {
            case "reason" -> QueueCounts.By.REASON;
            case "destination" -> QueueCounts.By.DESTINATION;
            default -> throw ProblemType.BAD_PARAMETER.because("by is reason or destination");
        };
        return new Groups(counts.totals(), counts.groups(grouping));
    }

    @GET
    @Path("/{mailId}")
    @Operation(operationId = "getQueuedMail", summary = "Show a mail with its recipients that are left")
    public MailView mail(@RestPath String mailId) throws SQLException {
        UUID id = Uuids.path(mailId);
        try (Connection connection = dataSource.getConnection()) {
            Stretch found = QueueSearch.listing(QueueFilter.mail(id, Optional.empty()))
                    .find(connection, Optional.empty(), PageRequest.MAX_LIMIT);
            Optional<QueuedMail> mail = Optional.ofNullable(MailRows.read(connection, List.of(id)).get(id))
                    .filter(one -> !found.items().isEmpty());
            return mail.map(one -> new MailView(id, one.envelope().reversePath(), one.envelope().acceptedAt(), one.octets(),
                    found.items(), found.next().map(RecipientKey::cursor))).orElseThrow(() -> unknown(id));
        }
    }

    @POST
    @Path("/{mailId}/retry")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "retryQueuedMail", summary = "Make the next attempt due now",
            description = "What is held stays so. What is due already needs no retry and is not counted.")
    public ActionResult retry(@RestPath String mailId, Choice body) throws SQLException {
        return act(QueueAction.RETRY, mailId, recipient(body), false);
    }

    @POST
    @Path("/{mailId}/hold")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "holdQueuedMail", summary = "Attempt it no more until it is released; what is held does not expire")
    public ActionResult hold(@RestPath String mailId, Choice body) throws SQLException {
        return act(QueueAction.HOLD, mailId, recipient(body), false);
    }

    @POST
    @Path("/{mailId}/release")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "releaseQueuedMail", summary = "Hold it no longer: the next attempt is due now")
    public ActionResult release(@RestPath String mailId, Choice body) throws SQLException {
        return act(QueueAction.RELEASE, mailId, recipient(body), false);
    }

    @POST
    @Path("/{mailId}/cancel")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "cancelQueuedMail", summary = "Take it out of the queue, with a notification or without",
            description = "The notification says `failed`, status 5.3.0. There is no way back.")
    public ActionResult cancel(@RestPath String mailId, Cancelling body) throws SQLException {
        Optional<Cancelling> given = Optional.ofNullable(body);
        return act(QueueAction.CANCEL, mailId, given.flatMap(Cancelling::recipient), given.flatMap(Cancelling::tells).orElse(true));
    }

    private ActionResult act(QueueAction action, String mailId, Optional<String> recipient, boolean notify) throws SQLException {
        UUID id = Uuids.path(mailId);
        QueueFilter filter = QueueFilter.mail(id, recipient.map(path -> FilterText.lower("recipient", path, ProblemType.INVALID)));
        try (Connection connection = dataSource.getConnection()) {
            if (QueueSearch.listing(filter).find(connection, Optional.empty(), 1).items().isEmpty()) {
                throw unknown(id);
            }
        }
        return actions.run(action, filter, Optional.empty(), notify);
    }

    private static Optional<String> recipient(Choice body) {
        return Optional.ofNullable(body).flatMap(Choice::recipient);
    }

    private static RuntimeException unknown(UUID id) {
        return ProblemType.NOT_FOUND.because("the queue has no such recipient of mail " + id);
    }
}
