package org.postbus.mailbox.account;

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
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.postbus.mailbox.credential.Password;
import org.postbus.mailbox.credential.PasswordHash;
import org.postbus.mailbox.credential.Secret;
import org.postbus.mailbox.directory.Answers;
import org.postbus.mailbox.directory.Names;
import org.postbus.rest.Fields;
import org.postbus.rest.Page;
import org.postbus.rest.PageRequest;
import org.postbus.rest.ProblemType;

/** {@code /api/v1/accounts}. */
@Path("/api/v1/accounts")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "accounts", description = "Who has a maildrop here")
public class AccountResource {

    private final Accounts accounts;
    private final Answers answers;

    public AccountResource(Accounts accounts, Answers answers) {
        this.accounts = accounts;
        this.answers = answers;
    }

    @GET
    @Operation(operationId = "listAccounts", summary = "List the accounts, by address")
    public Page<AccountView> list(@BeanParam PageRequest request,
            @RestQuery @Parameter(description = "Only this domain's") Optional<String> domain) {
        return accounts.list(request, domain.map(Names::domain));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "createAccount", summary = "Create an account")
    @APIResponseSchema(value = AccountView.class, responseCode = "201", responseDescription = "Created; all gateways know it")
    @APIResponse(responseCode = "409", description = "already-exists: an account or an alias has the address")
    public Response create(NewAccount body) {
        NewAccount wanted = Fields.body(body);
        String address = Names.address(Fields.required("address", wanted.address()));
        return answers.created("accounts", address,
                accounts.create(address, secret(wanted), wanted.quotaBytes().map(AccountResource::quota)));
    }

    @GET
    @Path("/{address}")
    @Operation(operationId = "getAccount", summary = "Show an account")
    public AccountView get(@RestPath String address) {
        return accounts.get(known(address));
    }

    @PATCH
    @Path("/{address}")
    @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
    @Operation(operationId = "changeAccount", summary = "Change password, quota, or whether the account is enabled")
    @APIResponseSchema(value = AccountView.class, responseDescription = "Changed; all gateways know it")
    @APIResponse(responseCode = "409", description = "postmaster-needed: a postmaster cannot be disabled")
    public Response change(@RestPath String address, AccountPatch body) {
        AccountPatch patch = Fields.body(body);
        patch.quotaBytes().value().ifPresent(AccountResource::quota);
        return answers.changed(accounts.change(known(address), new Accounts.Changes(
                patch.password().change("password").map(Password::of),
                patch.enabled().change("enabled"),
                patch.quotaBytes())));
    }

    @DELETE
    @Path("/{address}")
    @Operation(operationId = "deleteAccount", summary = "Delete an account and its maildrop")
    @APIResponse(responseCode = "204", description = "Deleted; all gateways know it")
    @APIResponse(responseCode = "409", description = "postmaster-needed: it is the postmaster of a domain, and not the "
            + "last account of its own")
    public Response delete(@RestPath String address) {
        return answers.deleted(accounts.delete(known(address)));
    }

    private static Secret secret(NewAccount wanted) {
        if ((wanted.password() == null) == (wanted.passwordHash() == null)) {
            throw ProblemType.INVALID.because("one of the fields password and passwordHash is needed");
        }
        return wanted.password() == null ? PasswordHash.of(wanted.passwordHash()) : Password.of(wanted.password());
    }

    private static String known(String address) {
        return Names.canonicalAddress(address)
                .orElseThrow(() -> ProblemType.NOT_FOUND.because("there is no such account"));
    }

    /** Octets. */
    private static long quota(long octets) {
        if (octets < 0) {
            throw ProblemType.INVALID.because("quotaBytes is 0 or more, or null for no limit");
        }
        return octets;
    }
}
