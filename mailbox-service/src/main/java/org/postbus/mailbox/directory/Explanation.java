package org.postbus.mailbox.directory;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.postbus.events.directory.Resolution;

/** Where an address leads, as the API shows it. */
@Schema(name = "Explanation")
public record Explanation(
        @Schema(examples = "team@example.org", description = "In canonical form") String recipient,
        @Schema(description = "Whether mail for it, whoever sends it, is filed in at least one maildrop or forwarded to another server")
        boolean deliverable,
        List<End> ends,
        @Schema(description = "How it gets there, one line each") List<String> steps) {

    /** One end of the way. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    @Schema(name = "ExplanationEnd")
    public record End(
            String address,
            @Schema(enumeration = {"maildrop", "disabled", "unknown", "remote", "forwarded", "no-postmaster", "loop"},
                    description = "remote: relayed for authenticated accounts and relay networks only")
            String kind,
            Optional<UUID> accountId) {
    }

    static Explanation of(String recipient, Resolution resolution) {
        return new Explanation(recipient, resolution.deliverable(),
                resolution.leaves().stream().map(Explanation::end).toList(), resolution.steps());
    }

    private static End end(Resolution.Leaf leaf) {
        return switch (leaf) {
            case Resolution.Leaf.Maildrop maildrop ->
                new End(maildrop.address(), "maildrop", Optional.of(maildrop.accountId()));
            case Resolution.Leaf.Disabled disabled -> new End(disabled.address(), "disabled", Optional.empty());
            case Resolution.Leaf.Unknown unknown -> new End(unknown.address(), "unknown", Optional.empty());
            case Resolution.Leaf.Remote remote -> new End(remote.address(), "remote", Optional.empty());
            case Resolution.Leaf.Forwarded forwarded -> new End(forwarded.address(), "forwarded", Optional.empty());
            case Resolution.Leaf.NoPostmaster none -> new End(none.address(), "no-postmaster", Optional.empty());
            case Resolution.Leaf.Loop loop -> new End(loop.address(), "loop", Optional.empty());
        };
    }
}
