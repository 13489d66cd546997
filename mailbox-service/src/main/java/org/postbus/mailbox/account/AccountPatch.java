package org.postbus.mailbox.account;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.postbus.rest.Patch;

/** A change of an account; what is not given stays. */
@Schema(name = "AccountPatch")
public record AccountPatch(
        @Schema(implementation = String.class, minLength = 1, maxLength = 1024) Patch<String> password,
        @Schema(implementation = Boolean.class) Patch<Boolean> enabled,
        @Schema(implementation = Long.class, nullable = true, minimum = "0", description = "Null is no limit")
        Patch<Long> quotaBytes) {

    /** Without the password. */
    @Override
    public String toString() {
        return "AccountPatch[enabled=" + enabled + ", quotaBytes=" + quotaBytes + "]";
    }
}
