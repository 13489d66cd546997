package org.postbus.delivery.tlspolicy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What is known of the domains that were asked for last. Thread-safe. */
final class Recent<V> {

    private final Map<String, V> byDomain;

    Recent(int most) {
        byDomain = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        };
    }

    synchronized Optional<V> find(String domain) {
        return Optional.ofNullable(byDomain.get(domain));
    }

    synchronized void put(String domain, V value) {
        byDomain.put(domain, value);
    }
}
