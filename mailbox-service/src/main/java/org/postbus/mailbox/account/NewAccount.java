package org.postbus.mailbox.account;

import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An account to create, with its password or a hash of it. */
@Schema(name = "NewAccount", requiredProperties = "address")
public record NewAccount(
        @Schema(examples = "alice@example.org", description = "In a local domain") String address,
        @Schema(minLength = 1, maxLength = 1024, description = "No control characters; never shown again. "
                + "Either this or passwordHash") String password,
        @Schema(examples = "{BLF-CRYPT}$2y$05$...", description = "Made by another server: bcrypt, SHA-512-crypt or Argon2, with or "
                + "without Dovecot's scheme before it. Replaced by one of ours at the next login") String passwordHash,
        @Schema(nullable = true, minimum = "0", description = "Octets; null or absent is no limit") Optional<Long> quotaBytes) {

    /** Without password and hash. */
    @Override
    public String toString() {
        return "NewAccount[address=" + address + ", quotaBytes=" + quotaBytes + "]";
    }
}
