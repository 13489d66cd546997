package org.postbus.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postbus.consumer.BatchHandler;
import org.postbus.consumer.EventProducer;
import org.postbus.consumer.LoopStatus;
import org.postbus.consumer.Pace;
import org.postbus.consumer.PollLoop;
import org.postbus.consumer.Subscription;
import org.postbus.consumer.Trimmer;
import org.postbus.delivery.dsn.FailedHandler;
import org.postbus.delivery.routing.AcceptedHandler;
import org.postbus.delivery.routing.Router;
import org.postbus.delivery.routing.RoutingMetrics;
import org.postbus.events.Topics;
import org.postbus.events.directory.DirectoryView;
import org.postbus.events.directory.Srs;

/** Everything of this service that runs: its view of the directory, its two poll loops, the outbound queue, its trimmer. */
final class DeliveryLoops implements AutoCloseable {

    private static final String NAME = "delivery";

    private final KafkaSettings kafka;
    private final DataSource dataSource;
    private final MeterRegistry meters;
    private final EventProducer producer;
    private final DirectoryView view;
    private final Outbound outbound;
    private final PollLoop accepted;
    private final PollLoop failed;
    private final Trimmer trimmer;

    DeliveryLoops(KafkaSettings kafka, DataSource dataSource, MeterRegistry meters, DeliveryConfig config,
            Duration keep, String hostname, Optional<Srs> srs, Outbound.Surroundings surroundings) {
        this.kafka = kafka;
        this.dataSource = dataSource;
        this.meters = meters;
        this.producer = new EventProducer(NAME, kafka.all());
        this.view = new DirectoryView(kafka.consumer(), NAME);
        DirectoryProgress progress = new ViewProgress(view, config.directoryWait());
        this.outbound = new Outbound(dataSource, producer, meters, config, hostname, kafka.instance(), surroundings);
        this.accepted = loop(Topics.MAIL_ACCEPTED, Pace.STEADY, new AcceptedHandler(new Router(view, srs), progress, producer,
                new RoutingMetrics(meters), outbound.intake(), dataSource, config.routeKeep()));
        this.failed = loop(Topics.MAIL_FAILED, Pace.PROMPT, new FailedHandler(producer, meters, hostname));
        this.trimmer = new Trimmer(NAME, List.of(Topics.MAIL_ACCEPTED, Topics.MAIL_FAILED), keep, dataSource, kafka.admin());
    }

    /** @throws SQLException PostgreSQL does not answer */
    DeliveryLoops start() throws SQLException {
        outbound.start();
        view.start();
        accepted.start();
        failed.start();
        trimmer.start();
        return this;
    }

    boolean directoryLoaded() {
        return view.loaded().isDone();
    }

    List<LoopStatus> status() {
        return List.of(accepted.status(), failed.status());
    }

    /** The loops first, and both at a time: what they have in hand still needs the others. */
    @Override
    public void close() {
        Stream.of(accepted, failed).parallel().forEach(PollLoop::close);
        outbound.close();
        trimmer.close();
        view.close();
        producer.close();
    }

    private PollLoop loop(String topic, Pace pace, BatchHandler handler) {
        return new PollLoop(new Subscription(NAME, topic, kafka.all(), pace), dataSource, handler, producer, meters);
    }
}
