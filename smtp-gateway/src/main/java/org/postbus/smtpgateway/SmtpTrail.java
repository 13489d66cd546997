package org.postbus.smtpgateway;

import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.postbus.events.Envelope;
import org.postbus.events.FactCodec;
import org.postbus.events.MailIds;
import org.postbus.events.Topics;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailStep;
import org.postbus.gateway.EventSender;
import org.postbus.gateway.RefusalTrail;
import org.postbus.protocol.smtp.Reply;

/** Tells the message trail what became of mail at this gateway. Nothing waits for it, and nothing fails with it. */
final class SmtpTrail {

    private static final String ACCEPTED_STATUS = "2.1.5";

    private final EventSender sender;
    private final RefusalTrail refusals;

    SmtpTrail(Vertx vertx, EventSender sender, int refusalsPerSource) {
        this.sender = sender;
        this.refusals = new RefusalTrail(vertx, sender, MailIntake.SOURCE, refusalsPerSource);
    }

    /** What is known of a refusal's circumstances. */
    record Refusal(UUID sessionId, Optional<UUID> mailId, String client, Optional<String> reversePath,
            Optional<String> recipient) { }

    void accepted(Envelope envelope, Reception.Origin origin, long octets, Reply reply) {
        List<TrailEvent.Recipient> recipients = envelope.forwardPaths().stream()
                .map(path -> new TrailEvent.Recipient(path, path, ACCEPTED_STATUS, "")).toList();
        send(new TrailEvent(MailIds.derived(envelope.mailId(), "accepted", envelope.acceptedAt()), Instant.now(),
                MailIntake.SOURCE, TrailStep.ACCEPTED, Optional.of(envelope.mailId()), Optional.of(origin.sessionId()),
                envelope.client().address(), Optional.of(envelope.reversePath()), recipients, List.of(),
                Optional.empty(), octets, reply.text() + " (" + origin.detail() + ")"));
    }

    void refused(Refusal refusal, Reply reply) {
        List<TrailEvent.Recipient> recipients = refusal.recipient().stream()
                .map(path -> new TrailEvent.Recipient(path, path, reply.enhanced(), reply.text())).toList();
        refusals.refused(new RefusalTrail.Refusal(refusal.mailId(), Optional.of(refusal.sessionId()), refusal.client(),
                refusal.reversePath(), recipients, reply.text()));
    }

    void close() {
        refusals.close();
    }

    private void send(TrailEvent event) {
        sender.partitions(Topics.MAIL_TRAIL).ifPresent(partitions ->
                sender.send(FactCodec.MAIL_TRAIL.encode(event, MailIntake.SOURCE, partitions)));
    }
}
