package org.postbus.mailbox.filing;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.postbus.consumer.BatchHandler;
import org.postbus.consumer.EventProducer;
import org.postbus.events.ContractViolation;
import org.postbus.events.FactCodec;
import org.postbus.events.MailFailed;
import org.postbus.events.MailRecord;
import org.postbus.events.RoutedEnvelope;
import org.postbus.events.Topics;

/** Files what {@code mail.routed} brings. Belongs to the one thread of its poll loop. */
public final class MailFiler implements BatchHandler {

    private static final Logger LOG = Logger.getLogger(MailFiler.class);
    private static final Duration ORPHANS_EVERY = Duration.ofMinutes(1);

    private final EventProducer producer;
    private final FailureOutbox outbox;
    private final Runnable wakeOutbox;
    private final FilingMetrics metrics;
    private List<Outcome> uncommitted = List.of();
    private boolean announced;
    private Instant orphansDropped = Instant.EPOCH;

    /** @param wakeOutbox called after a commit that left something in the outbox */
    public MailFiler(EventProducer producer, FailureOutbox outbox, Runnable wakeOutbox, FilingMetrics metrics) {
        this.producer = producer;
        this.outbox = outbox;
        this.wakeOutbox = wakeOutbox;
        this.metrics = metrics;
    }

    @Override
    public void apply(Connection connection, List<ConsumerRecord<byte[], byte[]>> records)
            throws ContractViolation, SQLException {
        uncommitted = List.of();
        announced = false;
        RoutedBatch batch = RoutedBatch.decode(records);
        List<Decision> decisions = new ArrayList<>(WholeMails.decide(connection, batch.wholes()));
        ChunkParking.park(connection, batch.chunks());
        for (MailRecord.Closing<RoutedEnvelope> closing : batch.closings()) {
            LargeMails.close(connection, closing).ifPresent(decisions::add);
        }
        dropOrphans(connection, records);
        if (!decisions.isEmpty()) {
            file(connection, decisions);
        }
    }

    @Override
    public void committed(List<ConsumerRecord<byte[], byte[]>> records) {
        Instant now = Instant.now();
        for (Outcome outcome : uncommitted) {
            metrics.committed(outcome, now);
            log(outcome);
        }
        if (announced) {
            wakeOutbox.run();
        }
        uncommitted = List.of();
    }

    private static void log(Outcome outcome) {
        LOG.logf(outcome.failures().isEmpty() ? Logger.Level.DEBUG : Logger.Level.INFO,
                "mail %s: delivered to %d recipients, failed for %d", outcome.mailId(), outcome.delivered().size(),
                outcome.failures().size());
    }

    private void file(Connection connection, List<Decision> decisions) throws SQLException {
        List<Outcome> outcomes = Deliveries.file(connection, decisions);
        Instant now = Instant.now();
        int partitions = producer.partitions(Topics.MAIL_FAILED);
        for (Outcome outcome : outcomes) {
            Optional<MailFailed> failed = Announcements.failed(outcome, now);
            if (failed.isPresent()) {
                outbox.add(connection, FactCodec.MAIL_FAILED.encode(failed.get(), Announcements.SERVICE, partitions));
                announced = true;
            }
        }
        tell(outcomes, now);
        uncommitted = outcomes;
    }

    /** Before the commit: a mail without its trail would be a riddle, a trail a moment ahead of its mail is not. */
    private void tell(List<Outcome> outcomes, Instant now) {
        int partitions = producer.partitions(Topics.MAIL_TRAIL);
        EventProducer.awaitAll(Announcements.trail(outcomes, now, partitions).stream().map(producer::send).toList(),
                EventProducer.ACKNOWLEDGED_WITHIN);
    }

    private void dropOrphans(Connection connection, List<ConsumerRecord<byte[], byte[]>> records) throws SQLException {
        Instant now = Instant.now();
        if (now.isBefore(orphansDropped.plus(ORPHANS_EVERY))) {
            return;
        }
        Map<Integer, Instant> logTimes = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            logTimes.merge(record.partition(), RoutedBatch.logTime(record, now), (a, b) -> a.isAfter(b) ? a : b);
        }
        ChunkParking.dropOrphans(connection, logTimes);
        orphansDropped = now;
    }
}
