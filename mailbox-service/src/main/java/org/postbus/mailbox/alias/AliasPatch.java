package org.postbus.mailbox.alias;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A change of an alias. */
@Schema(name = "AliasPatch", requiredProperties = "targets")
public record AliasPatch(
        @Schema(minItems = 1, maxItems = Aliases.MAX_TARGETS, description = "All the targets that it has from now on")
        List<String> targets) {
}
