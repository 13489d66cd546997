package org.postbus.rest;

import jakarta.ws.rs.QueryParam;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** Which page of a listing is asked for; a {@code @BeanParam}. Read as text, so that nonsense is a problem and not a 404. */
public class PageRequest {

    public static final int MAX_LIMIT = 1000;
    public static final int DEFAULT_LIMIT = 100;

    @QueryParam("limit")
    @Parameter(description = "Items on a page", schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "1000",
            defaultValue = "100"))
    Optional<String> limit = Optional.empty();

    @QueryParam("cursor")
    @Parameter(description = "`next` of the page before", schema = @Schema(type = SchemaType.STRING))
    Optional<String> cursor = Optional.empty();

    /** Items on the page, 1 to {@value #MAX_LIMIT}. */
    public int limit() {
        return limit.map(PageRequest::number).orElse(DEFAULT_LIMIT);
    }

    /** The key after which the page begins; empty on the first page. */
    public Optional<String> after() {
        return cursor.map(Cursor::decode);
    }

    private static int number(String text) {
        int value = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
        if (value < 1 || value > MAX_LIMIT) {
            throw ProblemType.BAD_PARAMETER.because("limit is a number from 1 to " + MAX_LIMIT);
        }
        return value;
    }
}
