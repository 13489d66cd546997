package org.postbus.delivery.dkim;

import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A DKIM key to make. */
@Schema(name = "NewDkimKey", requiredProperties = {"domain", "algorithm"})
public record NewDkimKey(
        @Schema(examples = "example.org", description = "Mail whose From has this domain is signed, not that of its subdomains")
        String domain,
        @Schema(enumeration = {"rsa-sha256", "ed25519-sha256"}) String algorithm,
        @Schema(nullable = true, description = "Letters, digits, hyphens and dots; absent or null: one is made of the date")
        Optional<String> selector,
        @Schema(nullable = true, description = "Sign with it at once, before its record is known; absent or null: false")
        Optional<Boolean> active) {
}
