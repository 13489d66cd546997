package org.postbus.delivery.queue.admin;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;

/**
 * The meters {@code postbus.delivery.queue}: all of the queue, whichever instance tells it, counted every half minute. Where it
 * cannot be counted they are not a number, rather than an old one.
 */
@Singleton
public class QueueGauges {

    private static final Logger LOG = Logger.getLogger(QueueGauges.class);
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final QueueCounts counts;
    private final MeterRegistry meters;
    private final InstantSource time;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("delivery.queue-gauges").daemon(true).factory());
    private volatile Optional<QueueTotals> totals = Optional.empty();

    public QueueGauges(QueueCounts counts, MeterRegistry meters, InstantSource time) {
        this.counts = counts;
        this.meters = meters;
        this.time = time;
    }

    void start(@Observes StartupEvent event) {
        state(QueueState.WAITING, QueueTotals::waiting);
        state(QueueState.ATTEMPTING, QueueTotals::attempting);
        state(QueueState.HELD, QueueTotals::held);
        state(QueueState.ARRIVING, QueueTotals::arriving);
        Gauge.builder("postbus.delivery.queue.due", () -> value(QueueTotals::due))
                .description("Recipients whose next attempt could begin").register(meters);
        Gauge.builder("postbus.delivery.queue.due.age", () -> value(this::age)).baseUnit("seconds")
                .description("Since when the first of them is due").register(meters);
        timer.scheduleWithFixedDelay(this::count, 1, EVERY.toSeconds(), TimeUnit.SECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        timer.shutdownNow();
    }

    void count() {
        try {
            totals = Optional.of(counts.totals());
        } catch (SQLException | RuntimeException e) {
            // At a start there is no schema yet; and an outage is told by those who cannot work for it.
            LOG.debugf("the queue is not counted: %s", e.getMessage());
            totals = Optional.empty();
        }
    }

    private void state(QueueState state, ToDoubleFunction<QueueTotals> count) {
        Gauge.builder("postbus.delivery.queue", () -> value(count)).tag("state", state.word())
                .description("Recipients in the queue").register(meters);
    }

    private double value(ToDoubleFunction<QueueTotals> count) {
        return totals.map(known -> count.applyAsDouble(known)).orElse(Double.NaN);
    }

    private double age(QueueTotals known) {
        return known.dueSince().map(since -> Duration.between(since, time.instant()).toMillis() / 1000.0).orElse(0.0);
    }
}
