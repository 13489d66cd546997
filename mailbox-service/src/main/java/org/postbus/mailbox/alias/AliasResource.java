package org.postbus.mailbox.alias;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.postbus.mailbox.directory.Answers;
import org.postbus.mailbox.directory.Names;
import org.postbus.rest.Fields;
import org.postbus.rest.Page;
import org.postbus.rest.PageRequest;
import org.postbus.rest.ProblemException;
import org.postbus.rest.ProblemType;

/** {@code /api/v1/aliases}. */
@Path("/api/v1/aliases")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "aliases", description = "Addresses whose mail goes to other addresses")
public class AliasResource {

    private final Aliases aliases;
    private final Answers answers;

    public AliasResource(Aliases aliases, Answers answers) {
        this.aliases = aliases;
        this.answers = answers;
    }

    @GET
    @Operation(operationId = "listAliases", summary = "List the aliases, by address")
    public Page<AliasView> list(@BeanParam PageRequest request,
            @RestQuery @Parameter(description = "Only this domain's") Optional<String> domain) {
        return aliases.list(request, domain.map(Names::domain));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "createAlias", summary = "Create an alias or a domain's catch-all")
    @APIResponseSchema(value = AliasView.class, responseCode = "201", responseDescription = "Created; all gateways know it")
    @APIResponse(responseCode = "409", description = "already-exists: an account or an alias has the address")
    public Response create(NewAlias body) {
        NewAlias wanted = Fields.body(body);
        String address = Names.addressOrCatchAll(Fields.required("address", wanted.address()));
        return answers.created("aliases", address, aliases.create(address, targets(wanted.targets())));
    }

    @GET
    @Path("/{address}")
    @Operation(operationId = "getAlias", summary = "Show an alias")
    public AliasView get(@RestPath String address) {
        return aliases.get(known(address));
    }

    @PATCH
    @Path("/{address}")
    @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
    @Operation(operationId = "changeAlias", summary = "Change an alias's targets")
    @APIResponseSchema(value = AliasView.class, responseDescription = "Changed; all gateways know it")
    public Response change(@RestPath String address, AliasPatch body) {
        return answers.changed(aliases.change(known(address), targets(Fields.body(body).targets())));
    }

    @DELETE
    @Path("/{address}")
    @Operation(operationId = "deleteAlias", summary = "Delete an alias")
    @APIResponse(responseCode = "204", description = "Deleted; all gateways know it")
    public Response delete(@RestPath String address) {
        return answers.deleted(aliases.delete(known(address)));
    }

    /** The targets as they are spelled. */
    private static List<String> targets(List<String> texts) {
        List<String> targets = Fields.required("targets", texts);
        if (targets.isEmpty() || targets.size() > Aliases.MAX_TARGETS) {
            throw ProblemType.INVALID.because("targets has 1 to " + Aliases.MAX_TARGETS + " addresses");
        }
        return targets.stream().map(target -> Names.spelledAddress(Fields.required("targets", target))).toList();
    }

    private static String known(String address) {
        try {
            return Names.addressOrCatchAll(address);
        } catch (ProblemException e) {
            throw ProblemType.NOT_FOUND.because("there is no such alias");
        }
    }
}
