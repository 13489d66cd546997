package org.postbus.delivery.dkim;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A DKIM key as the API shows it: never the private key. */
@Schema(name = "DkimKey")
public record DkimKeyView(
        UUID id,
        @Schema(examples = "example.org") String domain,
        @Schema(examples = "r20261128-1f3a5c") String selector,
        @Schema(enumeration = {"rsa-sha256", "ed25519-sha256"}) String algorithm,
        @Schema(enumeration = {"pending", "active", "retired"}) String state,
        @Schema(description = "To be published before the key signs, and for some days after it was retired") DnsRecord dns,
        Instant createdAt,
        @Schema(description = "When it began to sign, the last time") Optional<Instant> activatedAt,
        @Schema(description = "When another key of the algorithm took its place") Optional<Instant> retiredAt) {

    static DkimKeyView of(StoredKey key) {
        return new DkimKeyView(key.id(), key.domain(), key.selector(), key.algorithm().tag(), key.state().text(), DnsRecord.of(key),
                key.createdAt(), key.activatedAt(), key.retiredAt());
    }
}
