package org.postbus.delivery.dkim;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A key made for tests, with its record. */
record Keys(DkimKey key, DnsRecord dns) {

    static Keys of(String domain, String selector, DkimAlgorithm algorithm) {
        try {
            KeyPair pair = algorithm.generate();
            StoredKey stored = new StoredKey(UUID.randomUUID(), domain, selector, algorithm, pair.getPublic().getEncoded(),
                    KeyState.ACTIVE, Instant.EPOCH, Optional.empty(), Optional.empty());
            return new Keys(new DkimKey(domain, selector, algorithm, pair.getPrivate()), DnsRecord.of(stored));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
