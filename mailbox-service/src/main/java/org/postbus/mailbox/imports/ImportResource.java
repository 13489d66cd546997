package org.postbus.mailbox.imports;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.postbus.mailbox.directory.Names;
import org.postbus.rest.AnySize;
import org.postbus.rest.ProblemType;

/** {@code /api/v1/accounts/{address}/import}. */
@Path("/api/v1/accounts/{address}/import")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "messages")
public class ImportResource {

    private static final String MBOX = "application/mbox";
    private static final String TAR = "application/x-tar";

    private final Imports imports;

    public ImportResource(Imports imports) {
        this.imports = imports;
    }

    @POST
    @Consumes({MBOX, TAR})
    @Operation(operationId = "importMessages", summary = "Import the messages of an mbox or of a tar of a Maildir",
            description = "The body has any size. What was imported into the account before is not filed again, also where its "
                    + "message was deleted since: an import that broke off is run again. At most 100000 messages of a body are "
                    + "looked at; then `next` is there.")
    @RequestBody(content = {
        @Content(mediaType = MBOX, schema = @Schema(type = SchemaType.STRING, format = "binary")),
        @Content(mediaType = TAR, schema = @Schema(type = SchemaType.STRING, format = "binary"))})
    @APIResponse(responseCode = "400", description = "bad-archive: what was read before is filed, and `detail` says how much; "
            + "bad-parameter")
    @APIResponse(responseCode = "503", description = "There are as many imports as there may be at a time")
    public ImportView add(@PathParam("address") String address, @Context HttpHeaders headers,
            @QueryParam("from") @Parameter(description = "The first message of the body to look at",
                    schema = @Schema(type = SchemaType.INTEGER, minimum = "1", defaultValue = "1")) Optional<String> from,
            @AnySize InputStream body) {
        String canonical = Names.canonicalAddress(address)
                .orElseThrow(() -> ProblemType.NOT_FOUND.because("there is no such account"));
        return imports.run(canonical, form(headers.getMediaType()), body, from.map(ImportResource::number).orElse(1));
    }

    private static Function<InputStream, MailArchive> form(MediaType type) {
        if (type != null && type.isCompatible(MediaType.valueOf(MBOX))) {
            return Mbox::new;
        }
        if (type != null && type.isCompatible(MediaType.valueOf(TAR))) {
            return MaildirTar::new;
        }
        throw ProblemType.UNSUPPORTED_MEDIA_TYPE.because("send " + MBOX + " or " + TAR);
    }

    private static int number(String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw ProblemType.BAD_PARAMETER.because("from is the number of a message, from 1");
        }
        return Integer.parseInt(text);
    }
}
