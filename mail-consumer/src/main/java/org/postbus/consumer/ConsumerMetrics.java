package org.postbus.consumer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The meters {@code postbus.consumer.*}, with the tags {@code group} and {@code topic}. */
final class ConsumerMetrics implements AutoCloseable {

    private final MeterRegistry registry;
    private final Tags tags;
    private final Supplier<LoopStatus> status;
    private final List<Meter> gauges = new ArrayList<>();
    private final Counter applied;
    private final Counter deadLetters;

    ConsumerMetrics(MeterRegistry registry, Subscription subscription, Supplier<LoopStatus> status) {
        this.registry = registry;
        this.tags = Tags.of("group", subscription.group(), "topic", subscription.topic());
        this.status = status;
        gauge("postbus.consumer.lag", "Records written and not applied yet", LoopStatus::lag);
        gauge("postbus.consumer.lag.age.seconds", "Age of the oldest record that waits to be applied",
                now -> now.lagAge(Instant.now()).toMillis() / 1000.0);
        gauge("postbus.consumer.stalled.partitions", "Partitions stopped because records are missing from the log",
                now -> now.stalled().size());
        gauge("postbus.consumer.paused", "1 while an infrastructure failure is waited out",
                now -> now.trouble().isPresent() ? 1 : 0);
        applied = counter("postbus.consumer.applied", "Records applied");
        deadLetters = counter("postbus.consumer.dead.letters", "Records put to the dead letters");
    }

    void applied(int records) {
        applied.increment(records);
    }

    void deadLetter() {
        deadLetters.increment();
    }

    /** Takes the gauges out, so that a stopped loop does not report for ever; counters stay. */
    @Override
    public void close() {
        gauges.forEach(registry::remove);
    }

    private void gauge(String name, String description, ToDoubleFunction<LoopStatus> value) {
        gauges.add(Gauge.builder(name, status, source -> value.applyAsDouble(source.get()))
                .tags(tags).description(description).strongReference(true).register(registry));
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).tags(tags).description(description).register(registry);
    }
}
