package org.postbus.mailbox.content;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.UUID;

/** A mail's octets as an answer: streamed, with their exact length; one that cannot be finished breaks off. */
public final class RawMail {

    public static final String MEDIA_TYPE = "message/rfc822";

    private RawMail() {
    }

    public static Response of(ContentReader contents, UUID mailId, long octets) {
        StreamingOutput stream = out -> contents.copy(mailId, octets, out);
        return Response.ok(stream, MEDIA_TYPE).header(HttpHeaders.CONTENT_LENGTH, octets)
                .header("X-Content-Type-Options", "nosniff").build();
    }
}
