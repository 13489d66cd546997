package org.postbus.delivery.dsn;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.postbus.consumer.BatchHandler;
import org.postbus.consumer.EventProducer;
import org.postbus.delivery.DirectoryProgress;
import org.postbus.delivery.Outgoing;
import org.postbus.events.ContractViolation;
import org.postbus.events.Envelope;
import org.postbus.events.FactCodec;
import org.postbus.events.FailedRecipient;
import org.postbus.events.FaultPoint;
import org.postbus.events.MailFailed;
import org.postbus.events.MailIds;
import org.postbus.events.MailRecord;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailEvent.Recipient;
import org.postbus.events.TrailStep;
import org.postbus.events.directory.Directory;
import org.postbus.protocol.address.AddressSyntaxException;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.address.ReversePath;
import org.postbus.protocol.smtp.Notify;

/**
 * Applies {@code mail.failed}: the reverse-path gets a delivery status notification, which is a new mail with the null
 * reverse-path. Its id comes from the failed mail's, so one that is made twice is one mail.
 */
public final class FailedHandler implements BatchHandler {

    private static final Logger LOG = Logger.getLogger(FailedHandler.class);

    private final Directory directory;
    private final DirectoryProgress progress;
    private final EventProducer producer;
    private final MeterRegistry meters;
    private final String hostname;
    private final List<String> outcomes = new ArrayList<>();

    public FailedHandler(Directory directory, DirectoryProgress progress, EventProducer producer, MeterRegistry meters,
            String hostname) {
        this.directory = directory;
        this.progress = progress;
        this.producer = producer;
        this.meters = meters;
        this.hostname = hostname;
    }

    @Override
    public void apply(Connection connection, List<ConsumerRecord<byte[], byte[]>> records) throws ContractViolation {
        List<MailFailed> failures = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            failures.add(FactCodec.MAIL_FAILED.decode(record));
        }
        outcomes.clear();
        Outgoing outgoing = new Outgoing(producer);
        for (MailFailed failed : failures) {
            MDC.put("mailId", failed.envelope().mailId());
            try {
                tell(failed, outgoing);
            } finally {
                MDC.remove("mailId");
            }
        }
        outgoing.awaitAll();
    }

    @Override
    public void committed(List<ConsumerRecord<byte[], byte[]>> records) {
        outcomes.forEach(outcome -> meters.counter("postbus.delivery.dsn", "outcome", outcome).increment());
    }

    private void tell(MailFailed all, Outgoing outgoing) throws ContractViolation {
        MailFailed failed = wanted(all);
        if (failed.failures().isEmpty() && failed.delivered().isEmpty()) {
            untold(all, "not-wanted", "no notification: the client asked for none (NOTIFY)", outgoing);
            return;
        }
        switch (reversePath(failed)) {
            // RFC 5321 section 4.5.5: nothing is ever sent back to it.
            case ReversePath.None none -> untold(failed, "null-reverse-path",
                    "no notification: the reverse-path is null", outgoing);
            case ReversePath.Of of -> {
                progress.awaitOffset(failed.envelope().directoryOffset());
                if (directory.domain(of.mailbox().canonicalDomain()).isPresent()) {
                    notify(failed, of.mailbox(), outgoing);
                } else {
                    untold(failed, "remote-reverse-path", "no notification to " + of.text() + ": no relay yet", outgoing);
                }
            }
        }
    }

    /** Without the failures that the client does not want to hear of (RFC 3461, section 4.1). */
    private static MailFailed wanted(MailFailed failed) {
        List<FailedRecipient> failures = failed.failures().stream()
                .filter(failure -> failed.envelope().asksFor(Notify.FAILURE, failure.originalRecipient())).toList();
        return new MailFailed(failed.envelope(), failures, failed.delivered(), failed.headerSection(),
                failures.isEmpty() ? Optional.empty() : failed.mail(), failed.failedAt());
    }

    private void notify(MailFailed failed, Mailbox reversePath, Outgoing outgoing) {
        StatusNotification notification = new StatusNotification(failed, reversePath, hostname);
        byte[] data = notification.octets();
        Envelope envelope = new Envelope(StatusNotification.mailId(failed.envelope()), "", List.of(reversePath.toString()),
                notification.body(), new Envelope.Client("127.0.0.1", ""), "internal", hostname, failed.failedAt(), progress.offset(), "");
        for (MailRecord<Envelope> part : MailParts.of(envelope, data)) {
            outgoing.accepted(part);
        }
        FaultPoint.DSN_SENT.reached();
        outgoing.trail(accepted(envelope, data.length, failed));
        outcomes.add("sent");
        LOG.debugf("mail %s: notification %s to its reverse-path", failed.envelope().mailId(), envelope.mailId());
    }

    private static TrailEvent accepted(Envelope envelope, long octets, MailFailed failed) {
        List<Recipient> recipients = envelope.forwardPaths().stream()
                .map(path -> new Recipient(path, path, "2.1.5", "")).toList();
        return event(envelope, TrailStep.ACCEPTED, failed.failedAt(), recipients, octets,
                "delivery status notification about mail " + failed.envelope().mailId());
    }

    /** Who is not told shall at least be findable: mailbox-service has told the failures, this says that nobody else has. */
    private void untold(MailFailed failed, String outcome, String why, Outgoing outgoing) {
        if (!failed.failures().isEmpty()) {
            outgoing.trail(event(failed.envelope(), TrailStep.FAILED, failed.failedAt(), List.of(), 0, why));
        }
        outcomes.add(outcome);
    }

    private static TrailEvent event(Envelope envelope, TrailStep step, Instant at, List<Recipient> recipients, long octets,
            String detail) {
        UUID id = MailIds.derived(envelope.mailId(), Outgoing.SERVICE + "/" + step, envelope.acceptedAt());
        return new TrailEvent(id, at, Outgoing.SERVICE, step, Optional.of(envelope.mailId()), Optional.empty(), "",
                Optional.of(envelope.reversePath()), recipients, List.of(), Optional.empty(), octets, detail);
    }

    private static ReversePath reversePath(MailFailed failed) throws ContractViolation {
        try {
            return ReversePath.parse(failed.envelope().reversePath());
        } catch (AddressSyntaxException e) {
            throw new ContractViolation("not an address: " + e.getMessage(), e);
        }
    }
}
