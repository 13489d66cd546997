package org.postbus.mailbox.domain;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.postbus.rest.Patch;

/** A change of a domain; what is not given stays. */
@Schema(name = "DomainPatch")
public record DomainPatch(
        @Schema(implementation = String.class, examples = "alice@example.org", description = "An enabled account")
        Patch<String> postmaster) {
}
