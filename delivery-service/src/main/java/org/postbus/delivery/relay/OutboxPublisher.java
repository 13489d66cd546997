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
    private boolean oneByOne;
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
    boolean round() {
        try {
            boolean more = outbox.publish(BATCH, oneByOne ? this::sendOrDropEach : this::send) > 0;
            oneByOne = false;
            return more;
        } catch (SQLException | InfrastructureFailure e) {
            LOG.warnf("what was relayed or failed is not told yet: %s", e.getMessage());
            return false;
        } catch (ContractViolation | RuntimeException e) {
            // One that can never be sent must not hold up the others: the next round looks for it.
            oneByOne = FailureKind.of(e) == FailureKind.DATA;
            LOG.warnf("one of the next things to tell cannot be told: %s", e.getMessage());
            return oneByOne;
        }
    }

    /** Whoever returns from here is forgotten, and nobody else: it is the same transaction, which holds these rows. */
    private void sendOrDropEach(List<Outbox.Item> items) {
        for (Outbox.Item item : items) {
            try {
                send(List.of(item));
            } catch (ContractViolation | RuntimeException e) {
                if (FailureKind.of(e) != FailureKind.DATA) {
                    throw new InfrastructureFailure(e.getMessage(), e);
                }
                LOG.errorf(e, "cannot be told, and is dropped: %s", item);
            }
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
