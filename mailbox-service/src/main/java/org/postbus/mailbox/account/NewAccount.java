package org.postbus.mailbox.account;

import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An account to create. */
@Schema(name = "NewAccount", requiredProperties = {"address", "password"})
public record NewAccount(
        @Schema(examples = "alice@example.org", description = "In a local domain") String address,
        @Schema(minLength = 1, maxLength = 1024, description = "No control characters; never shown again") String password,
        @Schema(nullable = true, minimum = "0", description = "Octets; null or absent is no limit") Optional<Long> quotaBytes) {

    /** Without the password. */
    @Override
    public String toString() {
        return "NewAccount[address=" + address + ", quotaBytes=" + quotaBytes + "]";
    }
}
