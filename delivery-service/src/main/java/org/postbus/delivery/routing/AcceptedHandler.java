package org.postbus.delivery.routing;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.postbus.consumer.BatchHandler;
import org.postbus.consumer.EventProducer;
import org.postbus.delivery.DirectoryProgress;
import org.postbus.delivery.Outgoing;
import org.postbus.delivery.queue.ArrivingMails;
import org.postbus.delivery.queue.FinishedMails;
import org.postbus.events.ContractViolation;
import org.postbus.events.Envelope;
import org.postbus.events.MailCodec;
import org.postbus.events.MailIds;
import org.postbus.events.MailRecord;
import org.postbus.events.Topics;

/**
 * Applies {@code mail.accepted}: each mail goes on to {@code mail.routed} with the decision where it goes, into the outbound queue,
 * or both. Large mail is decided on its first chunk and passed on chunk by chunk. A batch that is repeated sends the same mails again;
 * mailbox-service takes the first of each.
 */
public final class AcceptedHandler implements BatchHandler {

    private static final Logger LOG = Logger.getLogger(AcceptedHandler.class);
    private static final long SWEEP_EACH = Duration.ofMinutes(1).toNanos();

    private final Router router;
    private final DirectoryProgress progress;
    private final EventProducer producer;
    private final RoutingMetrics metrics;
    private final QueueIntake queue;
    private final Decisions decisions;
    private final Duration routeKeep;
    private final Map<Integer, Long> sweptAt = new HashMap<>();

    /** One record with what it says. */
    private record Arrival(ConsumerRecord<byte[], byte[]> record, MailRecord<Envelope> mail) {

        Instant at() {
            return Instant.ofEpochMilli(record.timestamp());
        }
    }

    /**
     * @param dataSource for decisions that have to outlive a batch which fails
     * @param routeKeep  log time after which the route of a large mail is forgotten
     */
    public AcceptedHandler(Router router, DirectoryProgress progress, EventProducer producer,
            RoutingMetrics metrics, QueueIntake queue, DataSource dataSource, Duration routeKeep) {
        this.router = router;
        this.progress = progress;
        this.producer = producer;
        this.metrics = metrics;
        this.queue = queue;
        this.decisions = new Decisions(dataSource);
        this.routeKeep = routeKeep;
    }

    @Override
    public void apply(Connection connection, List<ConsumerRecord<byte[], byte[]>> records)
            throws ContractViolation, SQLException {
        // All are decoded before the first is sent, so that poison costs its batch no second sending.
        List<Arrival> arrivals = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            arrivals.add(new Arrival(record, MailCodec.ACCEPTED.decode(record)));
        }
        metrics.begin();
        queue.begin();
        decisions.begin(connection, arrivals.stream().map(arrival -> arrival.mail().mailId()).distinct().toList());
        Outgoing outgoing = new Outgoing(producer);
        Routes routes = new Routes(connection);
        for (Arrival arrival : arrivals) {
            MDC.put("mailId", arrival.mail().mailId());
            try {
                pass(arrival, connection, routes, outgoing);
            } finally {
                MDC.remove("mailId");
            }
        }
        queue.write(connection);
        decisions.forget(connection);
        outgoing.awaitAll();
        sweepNowAndThen(connection, arrivals, routes);
    }

    @Override
    public void committed(List<ConsumerRecord<byte[], byte[]>> records) {
        metrics.commit();
        queue.committed();
    }

    private void pass(Arrival arrival, Connection connection, Routes routes, Outgoing outgoing)
            throws ContractViolation, SQLException {
        UUID mailId = arrival.mail().mailId();
        switch (arrival.mail()) {
            case MailRecord.Whole<Envelope> whole -> {
                Routing routing = decide(whole.envelope(), whole.data().length, outgoing);
                if (routing.isFiled()) {
                    outgoing.routed(new MailRecord.Whole<>(mailId, routing.decision(), whole.data()),
                            outgoing.partition(Topics.MAIL_ROUTED, mailId));
                }
                if (routing.isRelayed()) {
                    queue.add(whole.envelope(), whole.data(), routing.relays());
                }
            }
            case MailRecord.FirstChunk<Envelope> first -> open(arrival, first, connection, routes, outgoing);
            case MailRecord.Chunk<Envelope> chunk -> {
                Optional<Routes.Route> route = openRoute(arrival, routes);
                route.filter(Routes.Route::filed).ifPresent(open ->
                        outgoing.routed(new MailRecord.Chunk<>(mailId, chunk.n(), chunk.data()), open.partition()));
                if (route.filter(Routes.Route::relayed).isPresent()) {
                    new ArrivingMails(connection).chunk(mailId, chunk.n(), chunk.data());
                }
            }
            case MailRecord.Closing<Envelope> closing -> close(arrival, closing, connection, routes, outgoing);
        }
    }

    private void open(Arrival arrival, MailRecord.FirstChunk<Envelope> first, Connection connection, Routes routes, Outgoing outgoing)
            throws ContractViolation, SQLException {
        UUID mailId = first.mailId();
        Routing routing = decide(first.envelope(), 0, outgoing);
        Routes.Route route = routes.open(mailId, arrival.record().partition(), outgoing.partition(Topics.MAIL_ROUTED, mailId),
                arrival.at(), routing);
        if (route.filed()) {
            outgoing.routed(new MailRecord.FirstChunk<>(mailId, routing.decision(), first.data()), route.partition());
        }
        if (route.relayed()) {
            new ArrivingMails(connection).open(first.envelope(), first.data(), queue.recipients(mailId, routing.relays()));
        }
    }

    private void close(Arrival arrival, MailRecord.Closing<Envelope> closing, Connection connection, Routes routes, Outgoing outgoing)
            throws ContractViolation, SQLException {
        Optional<Routes.Route> route = openRoute(arrival, routes);
        if (route.filter(Routes.Route::filed).isPresent()) {
            outgoing.routed(new MailRecord.Closing<>(closing.mailId(), closing.chunks(), closing.octets(), closing.sha256(),
                    closing.edits()), route.get().partition());
        }
        if (route.filter(Routes.Route::relayed).isPresent()) {
            new ArrivingMails(connection).close(closing, Instant.now());
        }
        if (route.isPresent()) {
            routes.close(closing.mailId());
        }
    }

    private Routing decide(Envelope envelope, long octets, Outgoing outgoing) throws ContractViolation, SQLException {
        progress.awaitOffset(envelope.directoryOffset());
        Optional<Routing> before = decisions.of(envelope.mailId());
        Routing routing = before.isPresent() ? before.get() : router.route(envelope);
        if (before.isEmpty() && routing.isFiled() && routing.isRelayed()) {
            decisions.keep(envelope.mailId(), routing);
        }
        Instant now = Instant.now();
        routing.trail(now, octets).forEach(outgoing::trail);
        metrics.routed(routing.decision(), now);
        LOG.debugf("mail %s: %d maildrops, %d failures, %d to relay", envelope.mailId(), routing.decision().deliveries().size(),
                routing.decision().failures().size(), routing.relays().size());
        return routing;
    }

    /**
     * Where the rest of a large mail follows to. Empty for what is dropped: a repetition after the closing record, and
     * what comes when the route is long swept, which no session can have written.
     *
     * @throws ContractViolation the first chunk never came, or went to the dead letters: its followers join it there,
     *                           so that a replay finds the whole mail
     */
    private Optional<Routes.Route> openRoute(Arrival arrival, Routes routes) throws ContractViolation, SQLException {
        UUID mailId = arrival.mail().mailId();
        Optional<Routes.Route> route = routes.follow(mailId, arrival.at());
        if (route.isEmpty() && arrival.at().isBefore(MailIds.time(mailId).plus(routeKeep))) {
            throw new ContractViolation("a record of a large mail whose first chunk never came");
        }
        if (route.isEmpty() || route.get().closed()) {
            LOG.warnf("mail %s: dropped a record at %s-%d offset %d, which comes %s", mailId, arrival.record().topic(),
                    arrival.record().partition(), arrival.record().offset(),
                    route.isEmpty() ? "after its route was forgotten" : "after its closing record");
        }
        return route.filter(open -> !open.closed());
    }

    private void sweepNowAndThen(Connection connection, List<Arrival> arrivals, Routes routes) throws SQLException {
        Map<Integer, Instant> logTimes = new HashMap<>();
        arrivals.forEach(arrival -> logTimes.merge(arrival.record().partition(), arrival.at(),
                (one, other) -> one.isAfter(other) ? one : other));
        for (var entry : logTimes.entrySet()) {
            long now = System.nanoTime();
            Long last = sweptAt.get(entry.getKey());
            if (last == null || now - last > SWEEP_EACH) {
                sweptAt.put(entry.getKey(), now);
                int swept = routes.sweep(entry.getKey(), entry.getValue(), routeKeep);
                LOG.debugf("forgot %d routes of %s-%d", swept, Topics.MAIL_ACCEPTED, entry.getKey());
                if (swept > 0) {
                    ArrivingMails.sweep(connection);
                }
                FinishedMails.sweep(connection);
            }
        }
    }
}
