package org.postbus.delivery.relay;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postbus.consumer.EventProducer;
import org.postbus.consumer.InfrastructureFailure;
import org.postbus.delivery.Outgoing;
import org.postbus.delivery.dsn.Notifications;
import org.postbus.delivery.queue.Outbox;
import org.postbus.events.ContractViolation;

/** Sends what recorded outcomes make known. What is sent twice, because a process ended between, has the same ids both times. */
public final class OutboxPublisher implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(OutboxPublisher.class);
    private static final int BATCH = 500;
    private static final Duration EACH = Duration.ofMillis(250);

    private final Outbox outbox;
    private final EventProducer producer;
    private final Notifications notifications;
    private final Ticker ticker = new Ticker("delivery-outbox", EACH, this::round);

    public OutboxPublisher(DataSource dataSource, EventProducer producer, Notifications notifications) {
        this.outbox = new Outbox(dataSource);
        this.producer = producer;
        this.notifications = notifications;
    }

    public void start() {
        ticker.start();
    }

    private boolean round() {
        try {
            return outbox.publish(BATCH, this::send) == BATCH;
        } catch (SQLException | InfrastructureFailure | ContractViolation e) {
            LOG.warnf("what was relayed or failed is not told yet: %s", e.getMessage());
            return false;
        }
    }

    private void send(List<Outbox.Item> items) throws ContractViolation {
        Outgoing outgoing = new Outgoing(producer);
        for (Outbox.Item item : items) {
            switch (item) {
                case Outbox.Item.Trail(var event) -> outgoing.trail(event);
                case Outbox.Item.Notice(var report) -> notifications.of(report).send(outgoing);
            }
        }
        outgoing.awaitAll();
    }

    @Override
    public void close() throws InterruptedException {
        ticker.close();
    }
}
