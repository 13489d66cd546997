package org.postbus.mailbox.alias;

import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An alias as the API shows it. */
@Schema(name = "Alias")
public record AliasView(
        @Schema(examples = "team@example.org", description = "@example.org is the domain's catch-all") String address,
        @Schema(examples = "[\"alice@example.org\"]") List<String> targets,
        Instant createdAt) {

    static AliasView of(Alias alias) {
        return new AliasView(alias.address, List.copyOf(alias.targets), alias.createdAt);
    }
}
