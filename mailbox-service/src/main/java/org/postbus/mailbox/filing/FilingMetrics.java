package org.postbus.mailbox.filing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;

/** The meters of filing; they count what is committed. */
public final class FilingMetrics {

    private final Counter mails;
    private final Counter deliveries;
    private final Counter failures;
    private final Timer latency;

    public FilingMetrics(MeterRegistry meters) {
        mails = Counter.builder("postbus.mailbox.mails.filed").description("Mails filed in at least one maildrop")
                .register(meters);
        deliveries = Counter.builder("postbus.mailbox.deliveries").description("Recipients whose maildrop has the mail")
                .register(meters);
        failures = Counter.builder("postbus.mailbox.failures").description("Recipients that will not get the mail")
                .register(meters);
        latency = Timer.builder("postbus.mailbox.filing.latency").description("From a mail's acceptance to its commit")
                .publishPercentileHistogram().register(meters);
    }

    void committed(Outcome outcome, Instant now) {
        if (outcome.filed()) {
            mails.increment();
            Duration age = Duration.between(outcome.decision().envelope().accepted().acceptedAt(), now);
            latency.record(age.isNegative() ? Duration.ZERO : age);
        }
        deliveries.increment(outcome.delivered().size());
        failures.increment(outcome.failures().size());
    }
}
