package org.postbus.delivery.routing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.postbus.events.FailedRecipient;
import org.postbus.events.RoutedEnvelope;

/** The meters {@code postbus.delivery.*} of routing. They count what is committed; used by one thread. */
public final class RoutingMetrics {

    private final MeterRegistry registry;
    private final Counter mails;
    private final Counter deliveries;
    private final Timer latency;
    private final List<Decided> batch = new ArrayList<>();

    private record Decided(RoutedEnvelope decision, Instant at) {
    }

    public RoutingMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.mails = Counter.builder("postbus.delivery.routed").description("Mails routed").register(registry);
        this.deliveries = Counter.builder("postbus.delivery.deliveries")
                .description("Maildrops that mails were routed to").register(registry);
        this.latency = Timer.builder("postbus.delivery.routing.latency")
                .description("From acceptance to the routing decision").publishPercentileHistogram()
                .maximumExpectedValue(Duration.ofMinutes(5)).register(registry);
    }

    void begin() {
        batch.clear();
    }

    void routed(RoutedEnvelope decision, Instant at) {
        batch.add(new Decided(decision, at));
    }

    void commit() {
        for (Decided decided : batch) {
            mails.increment();
            deliveries.increment(decided.decision().deliveries().size());
            decided.decision().failures().forEach(this::failure);
            Duration took = Duration.between(decided.decision().accepted().acceptedAt(), decided.at());
            latency.record(took.isNegative() ? Duration.ZERO : took);
        }
        batch.clear();
    }

    private void failure(FailedRecipient failure) {
        registry.counter("postbus.delivery.failures", "status", failure.status()).increment();
    }
}
