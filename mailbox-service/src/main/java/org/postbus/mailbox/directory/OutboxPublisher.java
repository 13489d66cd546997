package org.postbus.mailbox.directory;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.postbus.events.Topics;
import org.postbus.mailbox.config.KafkaClients;

/**
 * Sends the outbox to Kafka: one publisher at a time among all instances, by an advisory lock of PostgreSQL.
 *
 * <p>Order is what makes it right. Compaction keeps the last record of a key, so an older record of a key must
 * never follow a newer one: rows are sent by id, and from the first row that fails on all are sent again, in
 * order. The lock is released only after each send has succeeded or failed for good; if this process hangs,
 * PostgreSQL ends its transaction (and the lock) no earlier than the producer has given up.
 */
@ApplicationScoped
public class OutboxPublisher {

    private static final Logger LOG = Logger.getLogger(OutboxPublisher.class);

    private static final Duration DELIVERY = Duration.ofSeconds(5);
    private static final String IDLE_LIMIT = "set local idle_in_transaction_session_timeout = '10s'";
    private static final String LOCK = "select pg_try_advisory_xact_lock(hashtextextended('postbus.mailbox.outbox', 0))";

    private static final int BATCH = 500;
    private static final Duration ROUND = Duration.ofMillis(500);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(25);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private final Condition drained = lock.newCondition();

    private javax.sql.DataSource database;
    private Outbox outbox;
    private KafkaClients kafka;
    private boolean work;
    private boolean stopped;
    private Thread thread;
    private Producer<byte[], byte[]> producer;

    /** For the client proxy. */
    OutboxPublisher() {
    }

    @Inject
    public OutboxPublisher(@DataSource("mailbox") javax.sql.DataSource database, Outbox outbox, KafkaClients kafka,
            MeterRegistry metrics) {
        this.database = database;
        this.outbox = outbox;
        this.kafka = kafka;
        metrics.gauge("postbus.mailbox.outbox.rows", this, OutboxPublisher::rows);
    }

    void start(@Observes StartupEvent event) {
        producer = kafka.producer(DELIVERY);
        thread = Thread.ofVirtual().name("mailbox-outbox").start(this::run);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        lock.lock();
        try {
            stopped = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
        thread.join(DELIVERY.plusSeconds(1));
        producer.close(Duration.ofSeconds(1));
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
            drained.awaitNanos(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (awaitWork()) {
            try {
                while (round() == BATCH) {
                    LOG.debug("more rows wait");
                }
            } catch (SQLException | KafkaException e) {
                LOG.warnf("the outbox waits: %s", e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("the outbox waits", e);
            }
        }
    }

    /** @return false once the service stops */
    private boolean awaitWork() {
        lock.lock();
        try {
            if (!work && !stopped) {
                woken.awaitNanos(ROUND.toNanos());
            }
            work = false;
            return !stopped;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Sends the oldest rows, if no other instance does. @return how many were acknowledged */
    private int round() throws SQLException {
        int sent = 0;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                sent = isPublisher(connection) ? send(connection) : 0;
                connection.commit();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
        if (sent > 0) {
            signalDrained();
        }
        return sent;
    }

    private int send(Connection connection) throws SQLException {
        List<Outbox.Row> rows = outbox.oldest(connection, BATCH);
        List<Long> safe = acknowledged(rows);
        if (!safe.isEmpty()) {
            outbox.remove(connection, safe);
        }
        if (safe.size() < rows.size()) {
            LOG.warnf("Kafka did not acknowledge %d records of the outbox; they are sent again", rows.size() - safe.size());
        }
        return safe.size();
    }

    /** The ids up to the first row that failed. Returns only after each send has ended, one way or the other. */
    private List<Long> acknowledged(List<Outbox.Row> rows) {
        List<Future<RecordMetadata>> sends = new ArrayList<>();
        for (Outbox.Row row : rows) {
            try {
                ProducerRecord<byte[], byte[]> record = row.record();
                int partition = Topics.partition(Outbox.key(record), producer.partitionsFor(record.topic()).size());
                sends.add(producer.send(new ProducerRecord<>(record.topic(), partition, record.key(), record.value(),
                        record.headers())));
            } catch (KafkaException e) {
                LOG.warnf("nothing can be sent to %s: %s", row.record().topic(), e.getMessage());
                break;
            }
        }
        List<Long> safe = new ArrayList<>();
        boolean unbroken = true;
        for (int i = 0; i < sends.size(); i++) {
            unbroken &= succeeded(sends.get(i));
            if (unbroken) {
                safe.add(rows.get(i).id());
            }
        }
        return safe;
    }

    private static boolean succeeded(Future<RecordMetadata> send) {
        try {
            send.get(DELIVERY.toMillis() + 2_000, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isPublisher(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(IDLE_LIMIT);
            try (ResultSet result = statement.executeQuery(LOCK)) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    private void signalDrained() {
        lock.lock();
        try {
            drained.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private double rows() {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement("select count(*) from outbox");
                ResultSet result = query.executeQuery()) {
            return result.next() ? result.getLong(1) : Double.NaN;
        } catch (SQLException e) {
            return Double.NaN;
        }
    }
}
