package org.postbus.delivery.tlspolicy;

import java.time.Instant;
import java.util.Optional;

/** Keeps the policies of domains; what is forgotten is only fetched again, but an attacker may be there by then. Thread-safe. */
public interface PolicyStore {

    /**
     * @param id      of the DNS record at the time
     * @param fetched the policy holds from here; a later fetch of the same begins anew
     */
    record Stored(String id, StsPolicy policy, Instant fetched) {

        /** When it holds no longer. */
        public Instant expires() {
            return fetched.plus(policy.maxAge());
        }
    }

    /** @param domain in A-labels and lower case */
    Optional<Stored> find(String domain);

    /** Replaces what was there. */
    void put(String domain, Stored stored);
}
