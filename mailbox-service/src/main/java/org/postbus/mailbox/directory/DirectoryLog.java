package org.postbus.mailbox.directory;

import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.hibernate.Session;
import org.postbus.events.DirectoryCodec;
import org.postbus.events.directory.DirectoryEntry;
import org.postbus.rest.ProblemType;

/**
 * Where changes of domains, accounts and aliases are written for the event log, each within its own transaction.
 *
 * <p>Changes follow each other: {@link #begin} takes a lock of the whole directory until the transaction ends. So
 * versions have commit order, and every rule about several names (an address is an account or an alias, a domain
 * goes only when it is empty) can be checked by reading. Administration is rare; hashing a password, which takes
 * far longer, happens before.
 */
@ApplicationScoped
public class DirectoryLog {

    /** The producer of the records, as {@code ce_source} names it. */
    static final String SOURCE = "mailbox-service";

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final String LOCK = "select pg_advisory_xact_lock(hashtextextended('postbus.mailbox.directory', 0))";

    private EntityManager entities;
    private Outbox outbox;

    /** For the client proxy. */
    DirectoryLog() {
    }

    @Inject
    public DirectoryLog(@PersistenceUnit("mailbox") EntityManager entities, Outbox outbox) {
        this.entities = entities;
        this.outbox = outbox;
    }

    /**
     * Waits for other changes to end, and after a start of PostgreSQL for those that a restore may have taken away. The first call of
     * every transaction that changes the directory.
     *
     * @throws org.postbus.rest.ProblemException UNAVAILABLE, if Kafka does not tell what may be missing
     */
    public void begin() {
        entities.unwrap(Session.class).doWork(connection -> {
            awaitRestored(connection);
            try (Statement statement = connection.createStatement()) {
                statement.execute(LOCK);
            }
        });
    }

    private static void awaitRestored(Connection connection) throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!DirectoryLife.isKnown(connection)) {
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                throw ProblemType.UNAVAILABLE.because("PostgreSQL was started, and what it may lack is not known yet");
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    /** The version of the next change: an entity takes it before it is published. */
    public long nextVersion() {
        return entities.unwrap(Session.class).doReturningWork(outbox::nextId);
    }

    /** Publishes what an entry says now, under its version. */
    public void publish(DirectoryEntry entry) {
        add(entry.version(), DirectoryCodec.encode(entry, SOURCE));
    }

    /**
     * Publishes that an entry is gone.
     *
     * @param key by {@link org.postbus.events.directory.DirectoryChange}
     * @return the deletion's version
     */
    public long publishDeletion(String key) {
        long version = nextVersion();
        add(version, DirectoryCodec.encodeDeletion(key, version, SOURCE));
        return version;
    }

    private void add(long id, ProducerRecord<byte[], byte[]> record) {
        entities.flush();
        entities.unwrap(Session.class).doWork(connection -> insert(connection, id, record));
    }

    private void insert(Connection connection, long id, ProducerRecord<byte[], byte[]> record) throws SQLException {
        outbox.add(connection, id, record);
    }
}
