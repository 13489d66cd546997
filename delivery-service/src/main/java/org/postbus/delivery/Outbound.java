package org.postbus.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.postbus.consumer.EventProducer;
import org.postbus.delivery.dkim.DkimKeys;
import org.postbus.delivery.dsn.Notifications;
import org.postbus.delivery.queue.RetryTimes;
import org.postbus.delivery.relay.DkimSignatures;
import org.postbus.delivery.relay.OutboxPublisher;
import org.postbus.delivery.relay.Relay;
import org.postbus.delivery.relay.RelaySettings;
import org.postbus.delivery.routing.QueueIntake;

/** The outbound queue and what works on it: the relay, and the publisher of what it makes known. */
final class Outbound implements AutoCloseable {

    private final Relay relay;
    private final OutboxPublisher publisher;
    private final QueueIntake intake;

    /** What of the application it needs. */
    record Surroundings(Vertx vertx, DkimKeys keys, InstantSource clock) {
    }

    Outbound(DataSource dataSource, EventProducer producer, MeterRegistry meters, DeliveryConfig config, String hostname,
            String instance, Surroundings surroundings) {
        DeliveryConfig.RetrySettings retry = config.retry();
        RetryTimes times = new RetryTimes(retry.first(), retry.most(), retry.quick(), retry.expiry(), retry.notice(), new SecureRandom());
        this.relay = Relay.of(dataSource, new RelaySettings(hostname, instance, config, times), surroundings.vertx(),
                new DkimSignatures(surroundings.keys(), surroundings.clock()), surroundings.clock(), meters);
        this.publisher = new OutboxPublisher(dataSource, producer, new Notifications(hostname));
        this.intake = new QueueIntake(relay, retry.expiry(), surroundings.clock());
    }

    QueueIntake intake() {
        return intake;
    }

    /** @throws SQLException PostgreSQL does not answer */
    void start() throws SQLException {
        relay.start();
        publisher.start();
    }

    @Override
    public void close() {
        try {
            relay.close();
            publisher.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
