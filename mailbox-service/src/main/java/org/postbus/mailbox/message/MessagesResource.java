package org.postbus.mailbox.message;

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
import org.postbus.mailbox.content.ContentReader;
import org.postbus.mailbox.content.RawMail;
import org.postbus.mailbox.directory.Names;
import org.postbus.rest.Page;
import org.postbus.rest.PageRequest;
import org.postbus.rest.ProblemType;
import org.postbus.rest.Uuids;

/** {@code /api/v1/accounts/{address}/messages}. */
@Path("/api/v1/accounts/{address}/messages")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "messages", description = "What is in a maildrop")
public class MessagesResource {

    private final Messages messages;
    private final ContentReader contents;

    public MessagesResource(Messages messages, ContentReader contents) {
        this.messages = messages;
        this.contents = contents;
    }

    @GET
    @Operation(operationId = "listMessages", summary = "List a maildrop's messages, in the order of POP3's listing")
    public Page<MessageView> list(@PathParam("address") String address, @BeanParam PageRequest page) {
        long after = page.after().map(MessagesResource::seq).orElse(0L);
        return Page.of(messages.list(account(address), after, page.limit() + 1), page,
                message -> Long.toString(message.seq()), message -> message);
    }

    @GET
    @Path("/{mailId}")
    @Operation(operationId = "getMessage", summary = "Show a message")
    public MessageView get(@PathParam("address") String address, @PathParam("mailId") String mailId) {
        return message(account(address), Uuids.path(mailId));
    }

    @GET
    @Path("/{mailId}/raw")
    @Produces(RawMail.MEDIA_TYPE)
    @Operation(operationId = "getRawMessage", summary = "A message's octets, as POP3 sends them")
    public Response raw(@PathParam("address") String address, @PathParam("mailId") String mailId) {
        MessageView message = message(account(address), Uuids.path(mailId));
        return RawMail.of(contents, message.mailId(), message.octets());
    }

    @DELETE
    @Path("/{mailId}")
    @Operation(operationId = "deleteMessage", summary = "Delete a message for ever",
            description = "It goes the way of POP3's deletions, through the event log.")
    @APIResponse(responseCode = "204", description = "Deleted")
    @APIResponse(responseCode = "202", description = "It is certain to be deleted, and will be soon")
    public Response delete(@PathParam("address") String address, @PathParam("mailId") String mailId) {
        UUID account = account(address);
        MessageView message = message(account, Uuids.path(mailId));
        return messages.delete(account, message.mailId()) ? Response.noContent().build() : Response.accepted().build();
    }

    private UUID account(String address) {
        return Names.canonicalAddress(address).flatMap(messages::account)
                .orElseThrow(() -> ProblemType.NOT_FOUND.because("there is no such account"));
    }

    private MessageView message(UUID account, UUID mailId) {
        return messages.find(account, mailId)
                .orElseThrow(() -> ProblemType.NOT_FOUND.because("message " + mailId + " is not in this maildrop"));
    }

    private static long seq(String cursor) {
        if (!cursor.matches("[0-9]{1,18}")) {
            throw ProblemType.BAD_CURSOR.because("the cursor is of another listing");
        }
        return Long.parseLong(cursor);
    }
}
