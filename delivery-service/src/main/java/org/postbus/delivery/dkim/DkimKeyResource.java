package org.postbus.delivery.dkim;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.sql.SQLException;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.postbus.rest.Fields;
import org.postbus.rest.Page;
import org.postbus.rest.PageRequest;
import org.postbus.rest.ProblemType;
import org.postbus.rest.Uuids;

/** {@code /api/v1/dkim-keys}. */
@Path("/api/v1/dkim-keys")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "dkim-keys", description = "Keys that mail to other servers is signed with")
public class DkimKeyResource {

    private final DkimKeys keys;

    public DkimKeyResource(DkimKeys keys) {
        this.keys = keys;
    }

    @GET
    @Operation(operationId = "listDkimKeys", summary = "List the keys, the oldest first")
    public Page<DkimKeyView> list(@BeanParam PageRequest request,
            @RestQuery @Parameter(description = "Only this domain's") Optional<String> domain) throws SQLException {
        return keys.list(request, domain);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "createDkimKey", summary = "Make a key",
            description = "It is pending: publish its record, wait until the DNS knows it everywhere, then activate it.")
    @APIResponseSchema(value = DkimKeyView.class, responseCode = "201", responseDescription = "Made")
    @APIResponse(responseCode = "409", description = "already-exists: the domain has a key with the selector")
    @APIResponse(responseCode = "503", description = "unavailable: delivery.secret-file is not set")
    public Response create(NewDkimKey body) throws SQLException {
        NewDkimKey wanted = Fields.body(body);
        DkimKeyView made = keys.generate(Fields.required("domain", wanted.domain()),
                algorithm(Fields.required("algorithm", wanted.algorithm())), wanted.selector(), wanted.active().orElse(false));
        return Response.created(UriBuilder.fromResource(DkimKeyResource.class).path("{id}").build(made.id())).entity(made).build();
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getDkimKey", summary = "Show a key and its DNS record")
    public DkimKeyView get(@RestPath String id) throws SQLException {
        return keys.get(Uuids.path(id));
    }

    @POST
    @Path("/{id}/activate")
    @Operation(operationId = "activateDkimKey", summary = "Sign with this key",
            description = "The domain's active key of the same algorithm is retired. Whether the record is published is not checked. "
                    + "Other instances follow within ten seconds.")
    public DkimKeyView activate(@RestPath String id) throws SQLException {
        return keys.activate(Uuids.path(id));
    }

    @DELETE
    @Path("/{id}")
    @Operation(operationId = "deleteDkimKey", summary = "Delete a key, in whatever state",
            description = "With an active key deleted, nothing is signed by its algorithm any more.")
    @APIResponse(responseCode = "204", description = "Deleted")
    public void delete(@RestPath String id) throws SQLException {
        keys.delete(Uuids.path(id));
    }

    private static DkimAlgorithm algorithm(String tag) {
        return DkimAlgorithm.of(tag).orElseThrow(() -> ProblemType.INVALID.because("algorithm is rsa-sha256 or ed25519-sha256"));
    }
}
