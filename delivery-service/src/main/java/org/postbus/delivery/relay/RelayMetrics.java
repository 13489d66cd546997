package org.postbus.delivery.relay;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import org.postbus.delivery.queue.Attempt;
import org.postbus.delivery.queue.Claims.Postponed;
import org.postbus.delivery.queue.Outcome;

/** The meters {@code postbus.delivery.relay.*}. They count recipients, and what is recorded. */
final class RelayMetrics {

    private final MeterRegistry registry;
    private final Timer latency;

    RelayMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.latency = Timer.builder("postbus.delivery.relay.latency").description("From the queue to the remote's answer")
                .publishPercentileHistogram().minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofDays(5)).register(registry);
    }

    void recorded(Attempt attempt) {
        for (Outcome outcome : attempt.outcomes()) {
            switch (outcome.fate()) {
                case Outcome.Relayed _ -> {
                    count("relayed", outcome.word());
                    Duration took = Duration.between(outcome.recipient().queuedAt(), attempt.at());
                    latency.record(took.isNegative() ? Duration.ZERO : took);
                }
                case Outcome.Failed _ -> count("failed", outcome.word());
                case Outcome.Cancelled _ -> count("cancelled", outcome.word());
                case Outcome.Delayed delayed -> count(delayed.attempted() ? "delayed" : "not-tried", outcome.word());
            }
        }
    }

    void postponed(List<Postponed> postponed) {
        postponed.forEach(one -> count("not-tried", one.why()));
    }

    /** By the class and subject of the status (RFC 3463): what a remote puts behind them could be without number. */
    private void count(String action, Outcome.Word word) {
        String status = word.status();
        String known = status.matches("[245][.][0-7][.][0-9]+") ? status.substring(0, 3) : status.charAt(0) + ".0";
        registry.counter("postbus.delivery.relay.recipients", "action", action, "status", known).increment();
    }
}
