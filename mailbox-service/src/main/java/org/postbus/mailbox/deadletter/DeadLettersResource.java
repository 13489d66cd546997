package org.postbus.mailbox.deadletter;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
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

/** The dead letters of all services. */
@Path("/api/v1/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "dead letters", description = "Records that no service could apply")
@RunOnVirtualThread
public class DeadLettersResource {

    private final DeadLetters letters;

    public DeadLettersResource(DeadLetters letters) {
        this.letters = letters;
    }

    @GET
    @Operation(operationId = "listDeadLetters", summary = "List dead letters, the newest first")
    public Page<DeadLetter> list(@BeanParam PageRequest page) {
        return Page.of(letters.list(page.after().map(Uuids::cursor), page.limit() + 1), page,
                letter -> letter.id().toString(), letter -> letter);
    }

    @POST
    @Path("/{id}/replay")
    @Operation(operationId = "replayDeadLetter", summary = "Produce the original record once more, to the topic that it came from",
            description = "Do this when the cause is gone. What was done before is not done twice.")
    @APIResponse(responseCode = "204", description = "The event log has it")
    @APIResponse(responseCode = "409", description = "It was replayed before, or it is not whole")
    public Response replay(@PathParam("id") String id) {
        UUID letter = Uuids.path(id);
        return switch (letters.replay(letter)) {
            case DeadLetters.Replay.Done(DeadLetter done) -> Response.noContent().build();
            case DeadLetters.Replay.Unknown() -> throw ProblemType.NOT_FOUND.because("there is no dead letter " + letter);
            case DeadLetters.Replay.Already(var at) -> throw ProblemType.NOT_REPLAYABLE.because("it was replayed at " + at);
            case DeadLetters.Replay.Impossible() -> throw ProblemType.NOT_REPLAYABLE.because(
                    "its value was cut, or its topic is none of this platform's");
        };
    }
}
