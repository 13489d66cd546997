package org.postbus.delivery.tlspolicy;

import java.util.Optional;

/** Policies in memory, of the {@value #MAX_DOMAINS} domains that were asked for last: they do not outlive the process. */
public final class MemoryPolicyStore implements PolicyStore {

    private static final int MAX_DOMAINS = 10_000;

    private final Recent<Stored> policies = new Recent<>(MAX_DOMAINS);

    @Override
    public Optional<Stored> find(String domain) {
        return policies.find(domain);
    }

    @Override
    public void put(String domain, Stored stored) {
        policies.put(domain, stored);
    }
}
