package org.postbus.mailbox.domain;

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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.postbus.mailbox.directory.Answers;
import org.postbus.mailbox.directory.Names;
import org.postbus.rest.Fields;
import org.postbus.rest.Page;
import org.postbus.rest.PageRequest;
import org.postbus.rest.ProblemType;

/** {@code /api/v1/domains}. */
@Path("/api/v1/domains")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "domains", description = "Domains whose mail is filed here")
public class DomainResource {

    private final Domains domains;
    private final Answers answers;

    public DomainResource(Domains domains, Answers answers) {
        this.domains = domains;
        this.answers = answers;
    }

    @GET
    @Operation(operationId = "listDomains", summary = "List the domains, by name")
    public Page<DomainView> list(@BeanParam PageRequest request) {
        return domains.list(request);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "createDomain", summary = "Create a domain")
    @APIResponseSchema(value = DomainView.class, responseCode = "201", responseDescription = "Created; all gateways know it")
    @APIResponse(responseCode = "409", description = "already-exists")
    public Response create(NewDomain body) {
        NewDomain wanted = Fields.body(body);
        String name = Names.domain(Fields.required("name", wanted.name()));
        return answers.created("domains", name, domains.create(name, wanted.postmaster().map(Names::address)));
    }

    @GET
    @Path("/{domain}")
    @Operation(operationId = "getDomain", summary = "Show a domain")
    public DomainView get(@RestPath String domain) {
        return domains.get(known(domain));
    }

    @PATCH
    @Path("/{domain}")
    @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
    @Operation(operationId = "changeDomain", summary = "Change a domain's postmaster")
    @APIResponseSchema(value = DomainView.class, responseDescription = "Changed; all gateways know it")
    public Response change(@RestPath String domain, DomainPatch body) {
        return answers.changed(domains.change(known(domain),
                Fields.body(body).postmaster().change("postmaster").map(Names::address)));
    }

    @DELETE
    @Path("/{domain}")
    @Operation(operationId = "deleteDomain", summary = "Delete a domain that has no account and no alias")
    @APIResponse(responseCode = "204", description = "Deleted; all gateways know it")
    @APIResponse(responseCode = "409", description = "domain-not-empty")
    public Response delete(@RestPath String domain) {
        return answers.deleted(domains.delete(known(domain)));
    }

    private static String known(String domain) {
        return Names.canonicalDomain(domain)
                .orElseThrow(() -> ProblemType.NOT_FOUND.because("there is no such domain"));
    }
}
