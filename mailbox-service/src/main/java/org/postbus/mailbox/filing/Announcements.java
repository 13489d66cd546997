package org.postbus.mailbox.filing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.postbus.events.DeliveredRecipient;
import org.postbus.events.Envelope;
import org.postbus.events.FactCodec;
import org.postbus.events.MailFailed;
import org.postbus.events.MailIds;
import org.postbus.events.NotificationRequest;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailEvent.Recipient;
import org.postbus.events.TrailStep;
import org.postbus.protocol.message.HeaderExcerpt;
import org.postbus.protocol.smtp.Notify;
import org.postbus.protocol.smtp.Return;

/** What filing tells the world: at most one {@code mail.failed} for a mail, and its steps on the trail. */
final class Announcements {

    static final String SERVICE = "mailbox-service";
    private static final String DELIVERED = "2.0.0";

    private Announcements() {
    }

    /** What its reverse-path may have to be told of a mail: all failures, routing's and ours, and what it asked to hear; else empty. */
    static Optional<MailFailed> failed(Outcome outcome, Instant now) {
        Envelope envelope = outcome.decision().envelope().accepted();
        List<DeliveredRecipient> awaited = outcome.delivered().stream()
                .filter(delivery -> envelope.asksFor(Notify.SUCCESS, delivery.originalRecipient()))
                .map(delivery -> new DeliveredRecipient(delivery.originalRecipient(), delivery.finalRecipient())).toList();
        if (outcome.failures().isEmpty() && awaited.isEmpty()) {
            return Optional.empty();
        }
        byte[] headerSection = HeaderExcerpt.of(outcome.decision().mail().headerSection(), MailFailed.MAX_HEADER_OCTETS);
        boolean whole = !outcome.failures().isEmpty()
                && envelope.notifications().flatMap(NotificationRequest::returned).equals(Optional.of(Return.FULL));
        Optional<byte[]> mail = whole ? outcome.decision().mail().data() : Optional.empty();
        return Optional.of(new MailFailed(envelope, outcome.failures(), awaited, headerSection, mail, now));
    }

    /** The steps of each mail; their ids come from the mail, so that a batch that is tried again tells nothing new. */
    static List<ProducerRecord<byte[], byte[]>> trail(List<Outcome> outcomes, Instant now, int partitions) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            if (!outcome.delivered().isEmpty()) {
                records.add(record(delivered(outcome, now), partitions));
            }
            if (!outcome.failures().isEmpty()) {
                records.add(record(failures(outcome, now), partitions));
            }
        }
        return records;
    }

    private static TrailEvent delivered(Outcome outcome, Instant now) {
        return event(outcome, TrailStep.DELIVERED, now, outcome.delivered().stream().map(delivery -> new Recipient(
                delivery.originalRecipient(), delivery.finalRecipient(), DELIVERED, "")).toList());
    }

    private static TrailEvent failures(Outcome outcome, Instant now) {
        return event(outcome, TrailStep.FAILED, now, outcome.failures().stream().map(failure -> new Recipient(
                failure.originalRecipient(), failure.finalRecipient(), failure.status(), failure.diagnosticCode())).toList());
    }

    private static TrailEvent event(Outcome outcome, TrailStep step, Instant now, List<Recipient> recipients) {
        Envelope envelope = outcome.decision().envelope().accepted();
        UUID id = MailIds.derived(envelope.mailId(), SERVICE + "/" + step, envelope.acceptedAt());
        return new TrailEvent(id, now, SERVICE, step, Optional.of(envelope.mailId()), Optional.empty(), "",
                Optional.of(envelope.reversePath()), recipients, List.of(), Optional.empty(),
                outcome.decision().mail().octets(), "");
    }

    private static ProducerRecord<byte[], byte[]> record(TrailEvent event, int partitions) {
        return FactCodec.MAIL_TRAIL.encode(event, SERVICE, partitions);
    }
}
