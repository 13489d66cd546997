package org.postbus.mailbox.directory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.embedded.EmbeddedServers;
import org.postgresql.ds.PGSimpleDataSource;

/** The outbox on a real PostgreSQL, with a Kafka that fails when it is told to. */
class OutboxRoundTest {

    private static final String TOPIC = "mail.directory";

    private final PGSimpleDataSource database = new PGSimpleDataSource();
    private final Outbox outbox = new Outbox();
    private RestoredDirectory.Topic topic = new RestoredDirectory.Topic("one", false);
    private final FailingProducer producer = new FailingProducer();

    @BeforeEach
    void makeTable() throws SQLException {
        EmbeddedServers.Database fresh = EmbeddedServers.forTests().freshDatabase();
        database.setUrl(fresh.jdbcUrl());
        database.setUser(fresh.user());
        database.setPassword(fresh.password());
        database.setCurrentSchema("mailbox");
        Flyway.configure().dataSource(database).schemas("mailbox").locations("db/mailbox/migration").load().migrate();
        execute("insert into directory_life select pg_postmaster_start_time(), 'one'");
    }

    @Test
    void sendsTheSameRecordThatWasAdded() throws SQLException {
        byte[] odd = {0, -1, '\\', '"', '{', ','};
        add(new ProducerRecord<>(TOPIC, null, bytes("k"), odd, new RecordHeaders().add("a,b", odd).add("empty", new byte[0])));
        add(new ProducerRecord<>(TOPIC, null, bytes("k"), null, new RecordHeaders()));
        assertEquals(OutboxRound.Outcome.SENT, round(10).run());
        ProducerRecord<byte[], byte[]> first = producer.history().getFirst();
        assertArrayEquals(odd, first.value());
        assertArrayEquals(odd, first.headers().lastHeader("a,b").value());
        assertArrayEquals(new byte[0], first.headers().lastHeader("empty").value());
        assertEquals(0, first.partition());
        assertNull(producer.history().getLast().value());
        assertEquals(OutboxRound.Outcome.NOTHING, round(10).run());
    }

    @Test
    void repeatsEverythingFromTheFirstFailureOn() throws SQLException {
        for (int i = 1; i <= 5; i++) {
            add(record("k" + i));
        }
        producer.failing = "k3";
        assertEquals(OutboxRound.Outcome.STUCK, round(10).run());
        assertEquals(List.of("k1", "k2", "k4", "k5"), sent());
        producer.failing = "";
        assertEquals(OutboxRound.Outcome.SENT, round(10).run());
        assertEquals(List.of("k1", "k2", "k4", "k5", "k3", "k4", "k5"), sent());
        assertEquals(0, waiting());
    }

    @Test
    void worksThroughManyRowsBatchByBatch() throws SQLException {
        for (int i = 0; i < 7; i++) {
            add(record("k" + i));
        }
        OutboxRound round = round(3);
        int rounds = 0;
        while (round.run() == OutboxRound.Outcome.SENT) {
            rounds++;
        }
        assertEquals(3, rounds);
        assertEquals(List.of("k0", "k1", "k2", "k3", "k4", "k5", "k6"), sent());
    }

    @Test
    void leavesTheWorkToWhoeverIsAtIt() throws SQLException {
        add(record("k"));
        producer.whileSending = () -> assertEquals(OutboxRound.Outcome.NOTHING, unchecked(round(10)));
        assertEquals(OutboxRound.Outcome.SENT, round(10).run());
        assertEquals(List.of("k"), sent());
    }

    @Test
    void seesNothingThatIsNotCommitted() throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            outbox.add(connection, record("k"));
            assertEquals(OutboxRound.Outcome.NOTHING, round(10).run());
            connection.rollback();
        }
        assertEquals(OutboxRound.Outcome.NOTHING, round(10).run());
    }

    @Test
    void whatIsPublishedAnewOutlivesAKillInTheMidst() throws SQLException {
        topic = new RestoredDirectory.Topic("other", true);
        execute("insert into domain (name, version) values ('a.test', 1), ('b.test', 2), ('c.test', 3); select setval('outbox_id', 3)");
        OutboxRound first = round(3);
        assertEquals(OutboxRound.Outcome.COMPARED, first.run());
        assertEquals(List.of(), sent());
        producer.whileSending = () -> producer.whileSending = OutboxRoundTest::kill;
        assertThrows(IllegalStateException.class, first::run);
        assertEquals(List.of("directory:rebuilding"), sent());
        topic = new RestoredDirectory.Topic("other", false);
        OutboxRound next = round(3);
        assertEquals(OutboxRound.Outcome.SENT, next.run());
        assertEquals(OutboxRound.Outcome.SENT, next.run());
        assertEquals(OutboxRound.Outcome.NOTHING, next.run());
        assertEquals(List.of("directory:rebuilding", "directory:rebuilding", "domain:a.test", "domain:b.test", "domain:c.test",
                "directory:rebuilding"), sent());
    }

    @Test
    void nothingGoesToATopicThatWasMadeAnewMeanwhile() throws SQLException {
        add(record("k1"));
        OutboxRound round = round(10);
        assertEquals(OutboxRound.Outcome.SENT, round.run());
        topic = new RestoredDirectory.Topic("other", true);
        assertEquals(OutboxRound.Outcome.NOTHING, round.run());
        add(record("k2"));
        assertEquals(OutboxRound.Outcome.COMPARED, round.run());
        assertEquals(List.of("k1"), sent());
        assertEquals(OutboxRound.Outcome.SENT, round.run());
        assertEquals(List.of("k1", "directory:rebuilding", "k2", "directory:rebuilding"), sent());
    }

    private OutboxRound round(int batch) {
        return new OutboxRound(database, outbox, producer, new RestoredDirectory(new Log(), outbox, () -> ""), batch);
    }

    private static void kill() {
        throw new IllegalStateException("killed");
    }

    /** Of which nobody looks at what is on it. */
    private final class Log implements RestoredDirectory.Log {

        @Override
        public RestoredDirectory.Topic topic() {
            return topic;
        }

        @Override
        public RestoredDirectory.Content read() {
            return new RestoredDirectory.Content(List.of(), true);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static OutboxRound.Outcome unchecked(OutboxRound round) {
        try {
            return round.run();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void add(ProducerRecord<byte[], byte[]> record) throws SQLException {
        try (Connection connection = database.getConnection()) {
            outbox.add(connection, record);
        }
    }

    private long waiting() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return outbox.count(connection);
        }
    }

    private List<String> sent() {
        return producer.history().stream().map(Outbox::key).toList();
    }

    private static ProducerRecord<byte[], byte[]> record(String key) {
        return new ProducerRecord<>(TOPIC, null, bytes(key), bytes("value"), new RecordHeaders());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final class FailingProducer extends MockProducer<byte[], byte[]> {

        private String failing = "";
        private Runnable whileSending = () -> { };

        FailingProducer() {
            super(cluster(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
            Runnable once = whileSending;
            whileSending = () -> { };
            once.run();
            return Outbox.key(record).equals(failing) ? CompletableFuture.failedFuture(new TimeoutException("away"))
                    : super.send(record);
        }

        private static Cluster cluster() {
            List<PartitionInfo> partitions = new ArrayList<>();
            partitions.add(new PartitionInfo(TOPIC, 0, Node.noNode(), new Node[0], new Node[0]));
            return new Cluster("test", List.of(), partitions, java.util.Set.of(), java.util.Set.of());
        }
    }
}
