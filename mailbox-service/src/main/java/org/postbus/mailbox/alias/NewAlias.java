package org.postbus.mailbox.alias;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An alias to create. */
@Schema(name = "NewAlias", requiredProperties = {"address", "targets"})
public record NewAlias(
        @Schema(examples = "team@example.org", description = "In a local domain; @example.org is the domain's catch-all")
        String address,
        @Schema(minItems = 1, maxItems = Aliases.MAX_TARGETS, description = "Addresses; to those outside the local domains mail is forwarded")
        List<String> targets) {
}
