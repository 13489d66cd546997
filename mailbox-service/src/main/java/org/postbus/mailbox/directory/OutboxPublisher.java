package org.postbus.mailbox.directory;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.postbus.consumer.InfrastructureFailure;
import org.postbus.mailbox.config.KafkaClients;
import org.postbus.mailbox.credential.Argon2;
import org.postbus.mailbox.credential.Password;
import org.postbus.mailbox.database.SchemaReady;

/**
 * One thread that empties the outbox, round by round: at once when somebody has committed rows here, and twice a
 * second for what other instances left behind. Others wait here for their record.
 */
@ApplicationScoped
public class OutboxPublisher {

    private static final Logger LOG = Logger.getLogger(OutboxPublisher.class);

    private static final int BATCH = 500;
    private static final Duration LOOK = Duration.ofMillis(500);
    /** Of the whole directory, when PostgreSQL was started. */
    private static final Duration READ_WITHIN = Duration.ofSeconds(120);
    /** Less than PostgreSQL's patience with us, twice. */
    private static final Duration TOPIC_WITHIN = Duration.ofSeconds(3);
    /** For a record that another instance sends: nobody signals that here. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(25);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private final Condition sent = lock.newCondition();

    private javax.sql.DataSource database;
    private Outbox outbox;
    private KafkaClients kafka;
    private Argon2 argon2;
    private boolean work;
    private boolean stopped;
    private Optional<Running> running = Optional.empty();

    private record Running(Thread thread, Producer<byte[], byte[]> producer, Admin admin) {}

    /** For the client proxy. */
    OutboxPublisher() {
    }

    @Inject
    public OutboxPublisher(@DataSource("mailbox") javax.sql.DataSource database, Outbox outbox, KafkaClients kafka, Argon2 argon2,
            MeterRegistry metrics) {
        this.database = database;
        this.outbox = outbox;
        this.kafka = kafka;
        this.argon2 = argon2;
        metrics.gauge("postbus.mailbox.outbox.rows", this, OutboxPublisher::rows);
    }

    void start(@Observes SchemaReady event) {
        Producer<byte[], byte[]> producer = kafka.producer(OutboxRound.DELIVERY);
        Admin admin = kafka.admin(TOPIC_WITHIN);
        OutboxRound round = new OutboxRound(database, outbox, producer, restoredDirectory(admin), BATCH);
        running = Optional.of(new Running(Thread.ofVirtual().name("mailbox-outbox").start(() -> run(round)), producer, admin));
    }

    private RestoredDirectory restoredDirectory(Admin admin) {
        PublishedDirectory published = new PublishedDirectory(admin, kafka.consumerSettings(), READ_WITHIN);
        return new RestoredDirectory(published, outbox,
                // The empty password is nobody's.
                () -> argon2.hash(Password.offered("")).orElseThrow(() -> new InfrastructureFailure("too many passwords are being hashed")));
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        lock.lock();
        try {
            stopped = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
        if (running.isPresent()) {
            running.get().thread().join(OutboxRound.DELIVERY.plusSeconds(1));
            running.get().producer().close(Duration.ofSeconds(1));
            running.get().admin().close(Duration.ofSeconds(1));
        }
    }

    /** Says that rows were committed. Returns at once. */
    public void wake() {
        lock.lock();
        try {
            work = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until Kafka has acknowledged a committed record, whichever instance sends it.
     *
     * @return whether it has, within the time
     */
    public boolean published(long id, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        wake();
        while (waits(id)) {
            if (System.nanoTime() >= deadline) {
                return false;
            }
            awaitRound(Math.min(LOOK_AGAIN.toNanos(), deadline - System.nanoTime()));
        }
        return true;
    }

    private boolean waits(long id) {
        try (Connection connection = database.getConnection()) {
            return outbox.waits(connection, id);
        } catch (SQLException e) {
            LOG.warnf("the outbox cannot be read: %s", e.getMessage());
            return true;
        }
    }

    private void awaitRound(long nanos) {
        lock.lock();
        try {
            sent.awaitNanos(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void run(OutboxRound round) {
        while (awaitWork()) {
            try {
                while (more(round.run())) {
                    signalSent();
                }
            } catch (SQLException | KafkaException | InfrastructureFailure e) {
                LOG.warnf("the outbox waits: %s", e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("the outbox waits", e);
            }
        }
    }

    private static boolean more(OutboxRound.Outcome outcome) {
        return switch (outcome) {
            case SENT, COMPARED -> true;
            case NOTHING, STUCK -> false;
        };
    }

    /** @return false once the service stops */
    private boolean awaitWork() {
        lock.lock();
        try {
            if (!work && !stopped) {
                woken.awaitNanos(LOOK.toNanos());
            }
            work = false;
            return !stopped;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void signalSent() {
        lock.lock();
        try {
            sent.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private double rows() {
        try (Connection connection = database.getConnection()) {
            return outbox.count(connection);
        } catch (SQLException e) {
            return Double.NaN;
        }
    }
}
