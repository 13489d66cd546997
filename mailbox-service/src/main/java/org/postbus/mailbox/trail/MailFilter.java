package org.postbus.mailbox.trail;

import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.postbus.events.TrailStep;
import org.postbus.rest.ProblemType;
import org.postbus.rest.Uuids;

/** The parameters of a search; a {@code @BeanParam}. */
public class MailFilter {

    @QueryParam("reversePath")
    @Parameter(description = "The reverse-path, in any case of letters; `<>` is the null reverse-path",
            example = "alice@demo.test")
    Optional<String> reversePath = Optional.empty();

    @QueryParam("recipient")
    @Parameter(description = "A forward-path as it was given, or the address where it ended; in any case of letters",
            example = "bob@demo.test")
    Optional<String> recipient = Optional.empty();

    @QueryParam("status")
    @Parameter(description = "The last that is known of a recipient: a step or an enhanced status code", example = "failed")
    Optional<String> status = Optional.empty();

    @QueryParam("since")
    @Parameter(description = "Mail that began then or later, ISO 8601", example = "2026-11-23T00:00:00Z")
    Optional<String> since = Optional.empty();

    @QueryParam("until")
    @Parameter(description = "Mail that began before, ISO 8601")
    Optional<String> until = Optional.empty();

    MailQuery query(Optional<String> after) {
        Optional<String> code = status.filter(text -> text.matches("[245]\\.\\d{1,3}\\.\\d{1,3}"));
        Optional<String> step = status.filter(text -> code.isEmpty()).map(MailFilter::step);
        return new MailQuery(reversePath.map(path -> "<>".equals(path) ? "" : TrailText.address(path)),
                recipient.map(TrailText::address), step, code, since.map(text -> time("since", text)),
                until.map(text -> time("until", text)), after.map(Uuids::cursor));
    }

    private static String step(String text) {
        return Arrays.stream(TrailStep.values()).map(step -> step.name().toLowerCase(Locale.ROOT))
                .filter(text.toLowerCase(Locale.ROOT)::equals).findFirst()
                .orElseThrow(() -> ProblemType.BAD_PARAMETER.because(
                        "status is a step, for example failed, or an enhanced status code, for example 5.1.1"));
    }

    private static Instant time(String name, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw ProblemType.BAD_PARAMETER.because(name + " is a time like 2026-11-23T12:00:00Z");
        }
    }
}
