package org.postbus.rest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body of every error answer, {@code application/problem+json}. */
@Schema(name = "Problem", description = "What went wrong (RFC 9457)")
@JsonPropertyOrder({"type", "title", "status", "detail"})
public record Problem(@JsonIgnore @Schema(hidden = true) ProblemType kind,
        @Schema(examples = "The domain example.org has 3 accounts and 1 alias") String detail) {

    public static final String MEDIA_TYPE = "application/problem+json";

    @JsonProperty
    @Schema(description = "Stable name of the kind of problem", examples = "urn:postbus:problem:domain-not-empty")
    public String type() {
        return kind.uri();
    }

    @JsonProperty
    @Schema(examples = "The domain is still in use")
    public String title() {
        return kind.title();
    }

    @JsonProperty
    @Schema(examples = "409")
    public int status() {
        return kind.status();
    }

    /** This problem as an answer. */
    public Response response() {
        Response.ResponseBuilder answer = Response.status(kind.status())
                .type(MediaType.valueOf(MEDIA_TYPE)).entity(this);
        return kind == ProblemType.UNAUTHORIZED ? answer.header("WWW-Authenticate", "Bearer").build() : answer.build();
    }
}
