package org.postbus.mailbox.account;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An account as the API shows it. */
@Schema(name = "Account")
public record AccountView(
        @Schema(examples = "alice@example.org") String address,
        @Schema(description = "Never used twice: an account created anew at the same address has another") UUID id,
        @Schema(description = "A disabled account is refused mail and login") boolean enabled,
        @Schema(description = "Octets; null is no limit") Optional<Long> quotaBytes,
        @Schema(description = "Octets of all messages") long usedBytes,
        @Schema(description = "Messages in the maildrop") long messages,
        Instant createdAt) {

    static AccountView of(Account account) {
        return new AccountView(account.address, account.id, account.enabled, Optional.ofNullable(account.quotaBytes),
                account.usedBytes, account.messageCount, account.createdAt);
    }
}
