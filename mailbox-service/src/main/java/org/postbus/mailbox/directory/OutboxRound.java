package org.postbus.mailbox.directory;

import java.sql.Connection;
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
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.postbus.events.Topics;

/**
 * Sends the oldest rows of the outbox in one transaction, if no other instance is at it.
 *
 * <p>Order is what makes it right. Compaction keeps the last record of a key, so an older record of a key must
 * never follow a newer one: rows are sent by id, and from the first row that fails on all are sent again, in
 * order. The lock is released only after each send has succeeded or failed for good; if this process hangs,
 * PostgreSQL ends its transaction, and with it the lock, no earlier than the producer has given up.
 */
final class OutboxRound {

    /** Within which the producer must know the fate of each record; less than PostgreSQL's patience with us. */
    static final Duration DELIVERY = Duration.ofSeconds(5);

    private static final Logger LOG = Logger.getLogger(OutboxRound.class);

    private static final String IDLE_LIMIT = "set local idle_in_transaction_session_timeout = '10s'";
    private static final String LOCK = "select pg_try_advisory_xact_lock(hashtextextended('postbus.mailbox.outbox', 0))";

    private final DataSource database;
    private final Outbox outbox;
    private final Producer<byte[], byte[]> producer;
    private final RestoredDirectory restored;
    private final int batch;

    /**
     * @param restored asked before anything is sent
     * @param batch    rows of one transaction at most
     */
    OutboxRound(DataSource database, Outbox outbox, Producer<byte[], byte[]> producer, RestoredDirectory restored, int batch) {
        this.database = database;
        this.outbox = outbox;
        this.producer = producer;
        this.restored = restored;
        this.batch = batch;
    }

    /** What came of a round. */
    enum Outcome {
        /** Nothing was sent: tables and event log were compared, and what came of it is committed. More may wait. */
        COMPARED,
        /** Some rows are gone; more may wait. */
        SENT,
        /** Nothing waits, or another instance is at it. */
        NOTHING,
        /** Kafka did not take a row. */
        STUCK
    }

    Outcome run() throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Outcome outcome = isAlone(connection) ? send(connection) : Outcome.NOTHING;
                connection.commit();
                return outcome;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private static boolean isAlone(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(IDLE_LIMIT);
            try (ResultSet result = statement.executeQuery(LOCK)) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    private Outcome send(Connection connection) throws SQLException {
        List<Outbox.Row> rows = outbox.oldest(connection, batch);
        // In a transaction of its own: what Kafka has of it must not be taken back here.
        if (restored.bringBack(connection, rows.stream().anyMatch(OutboxRound::isOfDirectory))) {
            return Outcome.COMPARED;
        }
        if (rows.isEmpty()) {
            return Outcome.NOTHING;
        }
        List<Long> safe = acknowledged(rows);
        outbox.remove(connection, safe);
        if (safe.size() < rows.size()) {
            LOG.warnf("Kafka did not take %d records of the outbox; they are sent again", rows.size() - safe.size());
            return Outcome.STUCK;
        }
        return Outcome.SENT;
    }

    private static boolean isOfDirectory(Outbox.Row row) {
        return row.record().topic().equals(Topics.MAIL_DIRECTORY);
    }

    /** The ids before the first row that failed. Returns only after each send has ended, one way or the other. */
    private List<Long> acknowledged(List<Outbox.Row> rows) {
        List<Future<RecordMetadata>> sends = new ArrayList<>();
        try {
            for (Outbox.Row row : rows) {
                sends.add(send(row.record()));
            }
        } catch (KafkaException e) {
            LOG.warnf("the outbox waits: %s", e.getMessage());
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

    private Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        int partition = Topics.partition(Outbox.key(record), producer.partitionsFor(record.topic()).size());
        return producer.send(new ProducerRecord<>(record.topic(), partition, record.key(), record.value(), record.headers()));
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
}
