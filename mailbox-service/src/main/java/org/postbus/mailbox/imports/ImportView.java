package org.postbus.mailbox.imports;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What an import did, as the API shows it. */
@Schema(name = "Import", description = "What became of each message of an import")
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ImportView(
        @Schema(description = "Messages that are filed now") int imported,
        @Schema(description = "Messages that came before, whether or not they are in the maildrop still") int duplicates,
        @Schema(description = "Messages that cannot be filed") int refused,
        @Schema(description = "Messages that are left out") int skipped,
        @Schema(description = "The first message that was not looked at, for the parameter `from` of the next request with the same "
                + "body; absent if there is none") Optional<Integer> next,
        @Schema(description = "In the order of the body") Iterable<Message> messages) {

    /** What became of a message. */
    @Schema(name = "ImportedMessage")
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Message(
            @Schema(description = "Its place in the body, from 1") int n,
            @Schema(description = "Of its file in the tar", examples = "cur/1700000000.M1P2.host:2,S") Optional<String> name,
            @Schema(description = "imported, duplicate, refused, skipped", examples = "imported") String status,
            @Schema(description = "The mail as it is, or was, filed") Optional<UUID> mailId,
            @Schema(description = "As they are, or would be, filed; absent if it was skipped") Optional<Long> octets,
            @Schema(description = "Why it is not filed") Optional<String> reason) {

        static Message of(int n, String name, Verdict verdict) {
            return new Message(n, Optional.of(name).filter(text -> !text.isEmpty()),
                    verdict.status().name().toLowerCase(Locale.ROOT), verdict.mailId(),
                    verdict.status() == Verdict.Status.SKIPPED ? Optional.empty() : Optional.of(verdict.octets()),
                    verdict.reason().map(Reason::text));
        }
    }

    static ImportView of(ImportReport report, Optional<Integer> next) {
        return new ImportView(report.count(Verdict.Status.IMPORTED), report.count(Verdict.Status.DUPLICATE),
                report.count(Verdict.Status.REFUSED), report.count(Verdict.Status.SKIPPED), next, report.messages());
    }
}
