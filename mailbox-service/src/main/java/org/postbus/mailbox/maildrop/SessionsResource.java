package org.postbus.mailbox.maildrop;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.postbus.rest.Page;
import org.postbus.rest.PageRequest;
import org.postbus.rest.ProblemType;
import org.postbus.rest.Uuids;

/** {@code /api/v1/maildrop-sessions}: who has which maildrop. */
@Path("/api/v1/maildrop-sessions")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "maildrop sessions", description = "POP3 sessions that have a maildrop locked")
public class SessionsResource {

    private final LockBreaker locks;

    public SessionsResource(LockBreaker locks) {
        this.locks = locks;
    }

    @GET
    @Operation(operationId = "listMaildropSessions", summary = "List the sessions that have a maildrop locked")
    public Page<SessionView> list(@BeanParam PageRequest page) {
        return Page.of(locks.list(page.after().map(Uuids::cursor), page.limit() + 1), page,
                session -> session.sessionId().toString(), session -> session);
    }

    @DELETE
    @Path("/{sessionId}")
    @Operation(operationId = "breakMaildropLock", summary = "Break a session's lock",
            description = "The lease is not renewed any more. Its end is awaited: until then the session may promise "
                    + "deletions to its client, and a promise is kept.")
    @APIResponse(responseCode = "204", description = "The session's lease was over: it is fenced, the maildrop is free")
    @APIResponse(responseCode = "202", description = "The maildrop is free when the lease ends, at `expiresAt`")
    public Response end(@PathParam("sessionId") String sessionId) {
        UUID id = Uuids.path(sessionId);
        SessionView session = locks.revoke(id)
                .orElseThrow(() -> ProblemType.NOT_FOUND.because("session " + id + " has no maildrop locked"));
        return locks.release(session) ? Response.noContent().build() : Response.accepted(session).build();
    }
}
