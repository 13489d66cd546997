package org.postbus.mailbox.domain;

import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A domain as the API shows it. */
@Schema(name = "Domain")
public record DomainView(
        @Schema(examples = "example.org", description = "A-labels, lower case") String name,
        @Schema(examples = "alice@example.org", description = "The account that gets mail for postmaster; null until the domain has one")
        Optional<String> postmaster,
        Instant createdAt) {

    static DomainView of(Domain domain) {
        return new DomainView(domain.name, Optional.ofNullable(domain.postmaster), domain.createdAt);
    }
}
