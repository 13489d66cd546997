package org.postbus.mailbox.directory;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import org.postbus.mailbox.config.MailboxConfig;

/**
 * Answers of operations that changed the directory. They wait for Kafka's acknowledgement, since then every gateway
 * learns of the change before it refuses a recipient. Without it in time the answer is 202: committed, and on its way.
 */
@ApplicationScoped
public class Answers {

    private OutboxPublisher publisher;
    private MailboxConfig config;

    /** For the client proxy. */
    Answers() {
    }

    @Inject
    public Answers(OutboxPublisher publisher, MailboxConfig config) {
        this.publisher = publisher;
        this.config = config;
    }

    /** 201 or 202, with the new resource's place and state. */
    public Response created(String collection, String name, Change<?> change) {
        return Response.status(reached(change) ? Response.Status.CREATED : Response.Status.ACCEPTED)
                .location(UriBuilder.fromPath("/api/v1").path(collection).path("{name}").build(name))
                .entity(change.view()).build();
    }

    /** 200 or 202, with the resource's new state. */
    public Response changed(Change<?> change) {
        return Response.status(reached(change) ? Response.Status.OK : Response.Status.ACCEPTED)
                .entity(change.view()).build();
    }

    /** 204 or 202. */
    public Response deleted(Change<?> change) {
        return Response.status(reached(change) ? Response.Status.NO_CONTENT : Response.Status.ACCEPTED).build();
    }

    private boolean reached(Change<?> change) {
        return change.version().isEmpty()
                || publisher.published(change.version().getAsLong(), config.directory().acknowledgeWithin());
    }
}
