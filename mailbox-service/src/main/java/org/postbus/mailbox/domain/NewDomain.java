package org.postbus.mailbox.domain;

import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A domain to create. */
@Schema(name = "NewDomain", requiredProperties = "name")
public record NewDomain(
        @Schema(examples = "example.org", description = "U-labels or A-labels") String name,
        @Schema(examples = "alice@example.org", nullable = true, description = "An account, or an address of this very "
                + "domain that is created next; without it the domain's first account becomes its postmaster")
        Optional<String> postmaster) {
}
