package org.postbus.delivery.relay;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postbus.consumer.EventProducer;
import org.postbus.consumer.FailureKind;
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
    private int limit = BATCH;
    private final Ticker ticker = new Ticker("delivery-outbox", EACH, this::round);

    public OutboxPublisher(DataSource dataSource, EventProducer producer, Notifications notifications) {
        this.outbox = new Outbox(dataSource);
        this.producer = producer;
        this.notifications = notifications;
    }

    public void start() {
        ticker.start();
    }

    /** Goes on at once as long as there is something. */
    private boolean round() {
        try {
            return outbox.publish(limit, this::send) > 0;
        } catch (SQLException | InfrastructureFailure e) {
            LOG.warnf("what was relayed or failed is not told yet: %s", e.getMessage());
            return false;
        } catch (ContractViolation | RuntimeException e) {
            return FailureKind.of(e) == FailureKind.DATA && alone(e);
        }
    }

    /** One that can never be sent must not hold up the others: it is looked for one by one, told to the log, and dropped. */
    private boolean alone(Exception failure) {
        if (limit > 1) {
            LOG.warnf("one of %d things to tell cannot be told: %s", limit, failure.getMessage());
            limit = 1;
            return true;
        }
        try {
            outbox.publish(1, items -> LOG.errorf(failure, "cannot be told, and is dropped: %s", items));
            limit = BATCH;
            return true;
        } catch (SQLException | ContractViolation e) {
            LOG.warnf("what cannot be told is not dropped yet: %s", e.getMessage());
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
