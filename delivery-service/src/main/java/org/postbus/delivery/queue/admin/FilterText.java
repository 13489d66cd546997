package org.postbus.delivery.queue.admin;

import java.net.IDN;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.postbus.rest.ProblemType;
import org.postbus.rest.Uuids;

/** A filter as a client writes it; what it does not say fits everything. */
@Schema(name = "QueueFilter", description = "Recipients that all of it fits; an empty filter has to say `all`")
public record FilterText(
        @Schema(nullable = true) Optional<String> mailId,
        @Schema(nullable = true, examples = "example.org", description = "U-labels or A-labels") Optional<String> destination,
        @Schema(nullable = true, description = "The original or the final recipient, in any case of letters")
        Optional<String> recipient,
        @Schema(nullable = true, description = "In any case of letters; `<>` is the null reverse-path") Optional<String> reversePath,
        @Schema(nullable = true, examples = "4.7.1", description = "Of the last attempt; `none`: there was no attempt yet")
        Optional<String> status,
        @Schema(nullable = true, description = "Part of the last reply, in any case of letters") Optional<String> reply,
        @Schema(nullable = true, examples = "waiting") Optional<String> state,
        @Schema(nullable = true, description = "ISO 8601") Optional<String> queuedBefore,
        @Schema(nullable = true, description = "True: the whole queue is meant") Optional<Boolean> all) {

    private static final int MAX_TEXT = 1000;

    /** @param wrong the problem that a value is, which is not allowed */
    QueueFilter filter(ProblemType wrong) {
        return new QueueFilter(mailId.map(text -> id(text, wrong)), destination.map(text -> domain(text, wrong)),
                recipient.map(text -> lower("recipient", text, wrong)),
                reversePath.map(text -> "<>".equals(text) ? "" : lower("reversePath", text, wrong)),
                status.map(text -> code(text, wrong)), reply.map(text -> lower("reply", text, wrong)),
                state.map(text -> QueueState.of(text).orElseThrow(() -> wrong.because(
                        "state is waiting, attempting, held or arriving"))),
                queuedBefore.map(text -> time(text, wrong)));
    }

    private static UUID id(String text, ProblemType wrong) {
        return Uuids.given(text).orElseThrow(() -> wrong.because("mailId has the form of a UUID"));
    }

    private static String domain(String text, ProblemType wrong) {
        String plain = lower("destination", text, wrong);
        try {
            return plain.startsWith("[") ? plain : IDN.toASCII(plain).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw wrong.because("destination is a domain");
        }
    }

    private static String code(String text, ProblemType wrong) {
        if (!text.matches("none|[245]\\.\\d{1,3}\\.\\d{1,3}")) {
            throw wrong.because("status is an enhanced status code, for example 4.7.1, or none");
        }
        return "none".equals(text) ? "" : text;
    }

    private static Instant time(String text, ProblemType wrong) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw wrong.because("queuedBefore is a time like 2026-11-23T12:00:00Z");
        }
    }

    /** PostgreSQL's text takes no NUL. */
    static String lower(String name, String text, ProblemType wrong) {
        if (text.isEmpty() || text.length() > MAX_TEXT || text.indexOf('\0') >= 0) {
            throw wrong.because(name + " has 1 to " + MAX_TEXT + " characters");
        }
        return text.toLowerCase(Locale.ROOT);
    }
}
