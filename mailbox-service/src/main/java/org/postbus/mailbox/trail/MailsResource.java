package org.postbus.mailbox.trail;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.postbus.rest.Page;
import org.postbus.rest.PageRequest;
import org.postbus.rest.ProblemType;
import org.postbus.rest.Uuids;

/** What happened to my mail? */
@Path("/api/v1/mails")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "mails", description = "What happened to each mail")
public class MailsResource {

    private final MailSearch search;
    private final TrailStream stream;

    public MailsResource(MailSearch search, TrailStream stream) {
        this.search = search;
        this.stream = stream;
    }

    /** A mail with all its steps. */
    public record MailTrail(UUID mailId, List<TrailView> events) {
    }

    @GET
    @RunOnVirtualThread
    @Operation(operationId = "findMails", summary = "Search mails, the newest first")
    public Page<MailView> find(@BeanParam MailFilter filter, @BeanParam PageRequest page) {
        List<MailView> mails = search.find(filter.query(page.after()), page.limit() + 1);
        return Page.of(mails, page, mail -> mail.mailId().toString(), mail -> mail);
    }

    @GET
    @Path("/{mailId}")
    @RunOnVirtualThread
    @Operation(operationId = "getMailTrail", summary = "The trail of a mail")
    public MailTrail trail(@PathParam("mailId") String mailId) {
        UUID id = Uuids.path(mailId);
        List<TrailView> events = search.trail(id);
        if (events.isEmpty()) {
            throw ProblemType.NOT_FOUND.because("nothing is known of mail " + id);
        }
        return new MailTrail(id, events);
    }

    @GET
    @Path("/stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @Operation(operationId = "watchTrail", summary = "The trail as it happens, as Server-Sent Events",
            description = "Events from now on. A client that does not keep up is disconnected.")
    public Multi<TrailView> watch() {
        if (!stream.hasRoom()) {
            throw ProblemType.UNAVAILABLE.because("there are " + TrailStream.MAX_WATCHERS + " watchers already");
        }
        return stream.watch();
    }
}
