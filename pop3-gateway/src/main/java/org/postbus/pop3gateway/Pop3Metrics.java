package org.postbus.pop3gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.postbus.gateway.Listener;
import org.postbus.protocol.pop3.Refusal;

/** What the gateway counts. */
final class Pop3Metrics {

    private final Counter loggedIn;
    private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);
    private final Counter retrieved;
    private final Counter octets;
    private final Counter deleted;
    private final Counter updated;
    private final Counter notUpdated;

    private final MeterRegistry registry;

    Pop3Metrics(MeterRegistry registry) {
        this.registry = registry;
        loggedIn = registry.counter("postbus.pop3.logins", "outcome", "ok");
        for (Refusal why : Refusal.values()) {
            refused.put(why, registry.counter("postbus.pop3.logins", "outcome", why.name().toLowerCase(Locale.ROOT)));
        }
        retrieved = registry.counter("postbus.pop3.messages.retrieved");
        octets = registry.counter("postbus.pop3.octets.retrieved");
        deleted = registry.counter("postbus.pop3.messages.deleted");
        updated = registry.counter("postbus.pop3.updates", "outcome", "ok");
        notUpdated = registry.counter("postbus.pop3.updates", "outcome", "failed");
    }

    /** Shows the listeners' own numbers. */
    void watch(List<Listener> listeners) {
        Gauge.builder("postbus.pop3.sessions", listeners, all -> all.stream().mapToInt(Listener::open).sum()).register(registry);
        FunctionCounter.builder("postbus.pop3.connections.refused", listeners, all -> all.stream().mapToInt(Listener::refused).sum())
                .register(registry);
    }

    void loggedIn() {
        loggedIn.increment();
    }

    void loginRefused(Refusal why) {
        refused.get(why).increment();
    }

    void retrieved(long messageOctets) {
        retrieved.increment();
        octets.increment(messageOctets);
    }

    void updated(int deletions) {
        updated.increment();
        deleted.increment(deletions);
    }

    void notUpdated() {
        notUpdated.increment();
    }
}
