package org.postbus.delivery.dkim;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A row of {@code dkim_key} without the private key.
 *
 * @param publicKey SubjectPublicKeyInfo
 */
record StoredKey(UUID id, String domain, String selector, DkimAlgorithm algorithm, byte[] publicKey, KeyState state,
        Instant createdAt, Optional<Instant> activatedAt, Optional<Instant> retiredAt) {
}
