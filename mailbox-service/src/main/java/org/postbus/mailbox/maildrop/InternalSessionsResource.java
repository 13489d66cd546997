package org.postbus.mailbox.maildrop;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.postbus.mailbox.content.ContentReader;
import org.postbus.mailbox.content.RawMail;
import org.postbus.mailbox.credential.CredentialJudge;
import org.postbus.rest.Fields;
import org.postbus.rest.ProblemType;
import org.postbus.rest.Uuids;

/** Maildrop sessions for pop3-gateway, as {@code docs/internal-api.md} says. */
@Path("/internal/v1/maildrop-sessions")
@RunOnVirtualThread
public class InternalSessionsResource {

    private final CredentialJudge judge;
    private final MaildropSessions sessions;
    private final SessionContents contents;
    private final ContentReader reader;
    private final MessageRuns runs;

    public InternalSessionsResource(CredentialJudge judge, MaildropSessions sessions, SessionContents contents,
            ContentReader reader, MessageRuns runs) {
        this.judge = judge;
        this.sessions = sessions;
        this.contents = contents;
        this.reader = reader;
        this.runs = runs;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces({MediaType.APPLICATION_OCTET_STREAM, "application/problem+json"})
    @Operation(hidden = true)
    public Response open(OpenRequest body) {
        OpenRequest request = Fields.body(body);
        MaildropSession session = new MaildropSession(Fields.required("sessionId", request.sessionId()),
                Fields.required("gateway", request.gateway()), Fields.required("clientAddress", request.clientAddress()));
        String name = Fields.required("name", request.name());
        String password = Fields.required("password", request.password());
        return judge.remembered(name, password).flatMap(login -> sessions.openAtOnce(login, session)
                .map(opened -> answer(login.accountId(), opened))).orElseGet(() -> open(name, password, session));
    }

    private Response open(String name, String password, MaildropSession session) {
        UUID account = accountOf(name, password, session.client());
        return answer(account, sessions.open(account, session));
    }

    @POST
    @Path("/{sessionId}/renew")
    @Operation(hidden = true)
    public Response renew(@PathParam("sessionId") String sessionId) {
        if (!sessions.renew(Uuids.path(sessionId))) {
            throw ended(sessionId);
        }
        return Response.noContent().build();
    }

    @DELETE
    @Path("/{sessionId}")
    @Operation(hidden = true)
    public Response close(@PathParam("sessionId") String sessionId) {
        sessions.close(Uuids.path(sessionId));
        return Response.noContent().build();
    }

    @GET
    @Path("/{sessionId}/messages/{mailId}")
    @Produces({RawMail.MEDIA_TYPE, "application/problem+json"})
    @Operation(hidden = true)
    public Response content(@PathParam("sessionId") String sessionId, @PathParam("mailId") String mailId,
            @QueryParam("utf8") boolean utf8) {
        UUID mail = Uuids.path(mailId);
        return switch (contents.find(Uuids.path(sessionId), mail, utf8)) {
            case SessionContents.Found(long octets) -> RawMail.of(reader, mail, octets);
            case SessionContents.NotThere() -> throw ProblemType.NOT_FOUND.because("message " + mail + " is not in this maildrop");
            case SessionContents.NeedsUtf8() -> throw ProblemType.NOT_ACCEPTABLE.because("message " + mail + " needs UTF-8 mode");
            case SessionContents.Ended() -> throw ended(sessionId);
        };
    }

    @GET
    @Path("/{sessionId}/messages")
    @Produces({MediaType.APPLICATION_OCTET_STREAM, "application/problem+json"})
    @Operation(hidden = true)
    public byte[] run(@PathParam("sessionId") String sessionId, @QueryParam("from") String from, @QueryParam("count") int count,
            @QueryParam("utf8") boolean utf8) {
        return runs.read(Uuids.path(sessionId), Uuids.path(Fields.required("from", from)), count, utf8)
                .orElseThrow(() -> ended(sessionId));
    }

    private UUID accountOf(String name, String password, String client) {
        return switch (judge.verify(name, password, client)) {
            case CredentialJudge.Outcome.Accepted accepted -> accepted.accountId();
            case CredentialJudge.Outcome.Refused refused -> throw ProblemType.WRONG_CREDENTIALS.because("wrong name or password");
            case CredentialJudge.Outcome.Busy busy -> throw ProblemType.UNAVAILABLE.because("too many logins at a time");
            case CredentialJudge.Outcome.TooManyFailures enough ->
                throw ProblemType.TOO_MANY_FAILURES.because("too many wrong passwords");
        };
    }

    private static Response answer(UUID account, Opening opening) {
        return switch (opening) {
            case Opening.Opened(Snapshot snapshot) -> opened(account, snapshot);
            case Opening.InUse() -> throw ProblemType.IN_USE.because("another session has the maildrop");
            case Opening.TryLater() -> throw ProblemType.UNAVAILABLE.because(
                    "the last session's deletions are not known to be applied yet");
            case Opening.Refused() -> throw ProblemType.WRONG_CREDENTIALS.because("the account is gone");
        };
    }

    private static Response opened(UUID account, Snapshot snapshot) {
        StreamingOutput stream = snapshot::writeTo;
        return Response.ok(snapshot.inOnePage().<Object>map(page -> page).orElse(stream), MediaType.APPLICATION_OCTET_STREAM)
                .header("Content-Length", snapshot.messages() * Snapshot.MESSAGE_OCTETS)
                .header("Postbus-Account-Id", account)
                .header("Postbus-Lease-Seconds", MaildropLocks.LEASE.toSeconds())
                .header("Postbus-Messages", snapshot.messages())
                .header("Postbus-Octets", snapshot.octets()).build();
    }

    private static RuntimeException ended(String sessionId) {
        return ProblemType.GONE.because("session " + sessionId + " has no maildrop, or has it no more");
    }
}
