package org.postbus.mailbox.credential;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.postbus.rest.Fields;
import org.postbus.rest.ProblemType;

/** {@code /internal/v1/credentials}: the gateways ask whose name and password these are. */
@Path("/internal/v1/credentials")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class CredentialResource {

    private final CredentialJudge judge;

    public CredentialResource(CredentialJudge judge) {
        this.judge = judge;
    }

    /** What a client offered, and its IP address. */
    public record Offer(String name, String password, String clientAddress) {

        /** Without the password. */
        @Override
        public String toString() {
            return "Offer[name=" + name + "]";
        }
    }

    /** Whose it is. */
    public record Identity(UUID accountId, String address) {
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public Identity verify(Offer body) {
        Offer offer = Fields.body(body);
        return switch (judge.verify(Fields.required("name", offer.name()), Fields.required("password", offer.password()),
                Fields.required("clientAddress", offer.clientAddress()))) {
            case CredentialJudge.Outcome.Accepted accepted -> new Identity(accepted.accountId(), accepted.address());
            case CredentialJudge.Outcome.Refused refused ->
                throw ProblemType.WRONG_CREDENTIALS.because("wrong name or password");
            case CredentialJudge.Outcome.Busy busy -> throw ProblemType.UNAVAILABLE.because("too many logins at a time");
            case CredentialJudge.Outcome.TooManyFailures enough ->
                throw ProblemType.TOO_MANY_FAILURES.because("too many wrong passwords");
        };
    }
}
