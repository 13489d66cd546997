package org.postbus.mailbox.directory;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.postbus.events.directory.Resolver;
import org.postbus.rest.ProblemType;

/** {@code /api/v1/explain}: the gateways' own resolution, on the tables. */
@Path("/api/v1/explain")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "explain", description = "Where an address leads")
public class ExplainResource {

    private static final String POSTMASTER = "postmaster";

    @GET
    @Transactional
    @Operation(operationId = "explain", summary = "Say where mail for a recipient would go, and why")
    public Explanation explain(
            @RestQuery @Parameter(description = "An address, or postmaster alone", required = true) Optional<String> recipient) {
        String text = recipient.orElseThrow(() -> ProblemType.BAD_PARAMETER.because("recipient is needed"));
        String address = text.equalsIgnoreCase(POSTMASTER) ? POSTMASTER : Names.address(text);
        return Explanation.of(address, new Resolver(new TableDirectory()).resolve(address));
    }
}
