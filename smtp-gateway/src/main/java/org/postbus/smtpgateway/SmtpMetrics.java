package org.postbus.smtpgateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.postbus.gateway.ByteBudget;
import org.postbus.protocol.smtp.Reply;

/** What the gateway counts; all names begin with {@code postbus.smtp}. */
final class SmtpMetrics {

    private final MeterRegistry registry;
    private final AtomicInteger sessions = new AtomicInteger();
    private final Counter accepted;
    private final Counter octets;
    private final Timer acceptance;

    SmtpMetrics(MeterRegistry registry, ByteBudget budget) {
        this.registry = registry;
        Gauge.builder("postbus.smtp.sessions", sessions, AtomicInteger::get)
                .description("Open sessions").register(registry);
        Gauge.builder("postbus.smtp.data.in.flight", budget, ByteBudget::used)
                .description("Mail data held in memory").baseUnit("bytes").register(registry);
        accepted = Counter.builder("postbus.smtp.accepted").description("Mails answered 250").register(registry);
        octets = Counter.builder("postbus.smtp.accepted.data").description("Mail data answered 250")
                .baseUnit("bytes").register(registry);
        acceptance = Timer.builder("postbus.smtp.acceptance").publishPercentiles(0.5, 0.99)
                .description("From the final dot to the reply").register(registry);
    }

    void sessionOpened() {
        sessions.incrementAndGet();
    }

    void sessionClosed() {
        sessions.decrementAndGet();
    }

    void accepted(long octetsOfMail, Duration sinceFinalDot) {
        accepted.increment();
        octets.increment(octetsOfMail);
        acceptance.record(sinceFinalDot);
    }

    /** Counts a negative reply by its code. */
    void refused(Reply reply) {
        registry.counter("postbus.smtp.refused", "code", Integer.toString(reply.code()), "status", reply.enhanced())
                .increment();
    }
}
