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

    /** Nobody can say whether there is one: that is not the same as none. */
    final class UnreadableException extends Exception {

        private static final long serialVersionUID = 1L;

        public UnreadableException(Throwable cause) {
            super("the policies that are known cannot be read", cause);
        }
    }

    /**
     * @param domain in A-labels and lower case
     * @throws UnreadableException the store does not answer, and has not told of the domain before
     */
    Optional<Stored> find(String domain) throws UnreadableException;

    /** Replaces what was fetched before. Does not fail: what cannot be kept yet is known at least to this process. */
    void put(String domain, Stored stored);
}
