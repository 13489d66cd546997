package org.postbus.smtpgateway.filter;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.postbus.events.HeaderEdits;
import org.postbus.protocol.smtp.Replies;

/** What a filter's answers, and its silence, mean for a mail; and what people are told of them. */
final class Filtering {

    private static final Logger LOG = Logger.getLogger(Filtering.class);

    private final MeterRegistry registry;
    private final boolean failOpen;

    /** @param failOpen whether a mail that the filter cannot judge is accepted; else it is deferred */
    Filtering(MeterRegistry registry, boolean failOpen) {
        this.registry = registry;
        this.failOpen = failOpen;
    }

    /** The verdict in the end, whatever became of the question. Never fails. */
    Future<Verdict> concluded(Future<Verdict> answer, String mailId) {
        long since = System.nanoTime();
        return answer.recover(failure -> {
            LOG.warnf("mail %s: the content filter failed, the mail is %s: %s", mailId, failOpen ? "accepted" : "deferred",
                    failure.getMessage());
            registry.counter("postbus.smtp.filter.failures").increment();
            return Future.succeededFuture(failOpen ? new Verdict.Accept(HeaderEdits.NONE)
                    : new Verdict.Refuse(Replies.FILTER_UNAVAILABLE));
        }).onSuccess(verdict -> registry.timer("postbus.smtp.filter", "verdict", name(verdict))
                .record(System.nanoTime() - since, TimeUnit.NANOSECONDS));
    }

    private static String name(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accept(var edits) when edits.added().contains(Edits.QUARANTINE) -> "quarantined";
            case Verdict.Accept _ -> "accepted";
            case Verdict.Refuse(var reply) -> reply.code() < 500 ? "deferred" : "rejected";
        };
    }
}
