package org.postbus.delivery.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.consumer.EventProducer;
import org.postbus.consumer.InfrastructureFailure;
import org.postbus.delivery.DirectoryProgress;
import org.postbus.delivery.Fixtures;
import org.postbus.delivery.relay.RelayBench;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.events.ContractViolation;
import org.postbus.events.Envelope;
import org.postbus.events.MailCodec;
import org.postbus.events.MailIds;
import org.postbus.events.MailRecord;
import org.postbus.events.TopicCheck;
import org.postbus.events.Topics;

/** The handler in transactions that the test itself commits or breaks. */
class AcceptedHandlerTest {

    private static final Duration KEEP = Duration.ofHours(24);

    private final Fixtures.Names names = new Fixtures.Names().domain("one.test", "ann@one.test");
    private final UUID mailId = MailIds.mint();
    private final Instant now = Instant.now();
    private final Map<String, Object> kafka = Map.of("bootstrap.servers", EmbeddedServers.forTests().bootstrapServers());
    private EventProducer producer;
    private RelayBench bench;
    private QueueIntake queue;
    private Connection connection;
    private AcceptedHandler handler;
    private volatile boolean directoryThere = true;

    @BeforeEach
    void begin() throws Exception {
        try (Admin admin = Admin.create(kafka)) {
            TopicCheck.createStandalone(admin);
        }
        names.account("ann@one.test", true);
        bench = new RelayBench(Map.of());
        connection = bench.dataSource().getConnection();
        queue = new QueueIntake(bench.relay(), Duration.ofDays(5), bench.clock());
        connection.setAutoCommit(false);
        producer = new EventProducer("test", kafka);
        handler = new AcceptedHandler(new Router(names, Optional.empty()), new Progress(), producer, new RoutingMetrics(new SimpleMeterRegistry()), queue, bench.dataSource(), KEEP);
    }

    @AfterEach
    void end() throws Exception {
        connection.close();
        bench.close();
        producer.close();
    }

    @Test
    void aBatchThatIsRepeatedAfterItsSendsSendsTheSameAgain() throws Exception {
        List<ConsumerRecord<byte[], byte[]>> batch = List.of(
                record(0, new MailRecord.FirstChunk<>(mailId, envelope(), Fixtures.octets("Subject: big\r\n\r\n"))),
                record(1, new MailRecord.Chunk<>(mailId, 1, Fixtures.octets("one"))),
                record(2, new MailRecord.Closing<>(mailId, 2, 19, "0".repeat(64))));
        handler.apply(connection, batch);
        connection.rollback();
        handler.apply(connection, batch);
        connection.commit();

        List<ConsumerRecord<byte[], byte[]>> sent = sent(6);
        assertEquals(1, sent.stream().map(ConsumerRecord::partition).distinct().count());
        for (int n = 0; n < 3; n++) {
            assertEquals(MailCodec.ROUTED.decode(sent.get(n)).getClass(), MailCodec.ROUTED.decode(sent.get(n + 3)).getClass());
            assertEquals(new String(sent.get(n).value()), new String(sent.get(n + 3).value()));
        }
        assertEquals(header(sent.get(0), "envelope"), header(sent.get(3), "envelope"));
        assertEquals(header(sent.get(0), "ce_id"), header(sent.get(3), "ce_id"));
    }

    @Test
    void aDirectoryThatLagsIsWaitedForAndNothingIsSent() throws Exception {
        directoryThere = false;
        List<ConsumerRecord<byte[], byte[]>> batch =
                List.of(record(0, new MailRecord.Whole<>(mailId, envelope(), Fixtures.octets("hi\r\n"))));
        assertThrows(InfrastructureFailure.class, () -> handler.apply(connection, batch));
        directoryThere = true;
        handler.apply(connection, batch);
        assertEquals(1, sent(1).size());
    }

    @Test
    void theRestOfAMailFollowsItsFirstChunkOverRestarts() throws Exception {
        apply(record(0, new MailRecord.FirstChunk<>(mailId, envelope(), Fixtures.octets("Subject: big\r\n\r\n"))));
        AcceptedHandler restarted =
                new AcceptedHandler(new Router(names, Optional.empty()), new Progress(), producer, new RoutingMetrics(new SimpleMeterRegistry()), queue, bench.dataSource(), KEEP);
        restarted.apply(connection, List.of(record(1, new MailRecord.Chunk<>(mailId, 1, Fixtures.octets("one")))));
        List<ConsumerRecord<byte[], byte[]>> sent = sent(2);
        assertEquals(sent.get(0).partition(), sent.get(1).partition());
    }

    @Test
    void aChunkAfterTheClosingRecordIsDropped() throws Exception {
        apply(record(0, new MailRecord.FirstChunk<>(mailId, envelope(), Fixtures.octets("Subject: big\r\n\r\n"))));
        apply(record(1, new MailRecord.Closing<>(mailId, 1, 16, "0".repeat(64))));
        apply(record(2, new MailRecord.Chunk<>(mailId, 1, Fixtures.octets("again"))));
        apply(record(3, new MailRecord.Whole<>(mailId, envelope(), Fixtures.octets("the end"))));
        assertEquals("the end", new String(sent(3).getLast().value()));
    }

    @Test
    void aChunkWithoutAFirstBreaksTheContractUnlessItComesADayLate() throws Exception {
        MailRecord<Envelope> orphan = new MailRecord.Chunk<>(mailId, 1, Fixtures.octets("one"));
        assertThrows(ContractViolation.class, () -> apply(record(0, orphan)));
        apply(Fixtures.received(MailCodec.ACCEPTED.encode(orphan, "test", 0), 1, now.plus(KEEP).plusSeconds(1)));
    }

    @Test
    void aRouteIsForgottenWhenLogAndClockHaveBothMovedOn() throws Exception {
        apply(record(0, new MailRecord.FirstChunk<>(mailId, envelope(), Fixtures.octets("Subject: big\r\n\r\n"))));
        Routes routes = new Routes(connection);
        // A gateway whose clock is a month ahead must not make the route look old.
        assertEquals(0, routes.sweep(0, now.plus(Duration.ofDays(31)), KEEP));
        try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE route SET touched_at = now() - interval '3 hours'");
        }
        assertEquals(0, routes.sweep(0, now.plus(KEEP).minusSeconds(60), KEEP));
        assertEquals(0, routes.sweep(1, now.plus(KEEP).plusSeconds(60), KEEP));
        assertTrue(known());
        assertEquals(1, routes.sweep(0, now.plus(KEEP).plusSeconds(60), KEEP));
        assertFalse(known());
    }

    private boolean known() throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("SELECT 1 FROM route")) {
            return rows.next();
        }
    }

    @SafeVarargs
    private void apply(ConsumerRecord<byte[], byte[]>... records) throws Exception {
        handler.apply(connection, List.of(records));
        connection.commit();
    }

    private ConsumerRecord<byte[], byte[]> record(long offset, MailRecord<Envelope> mail) {
        return Fixtures.received(MailCodec.ACCEPTED.encode(mail, "test", 0), offset, now);
    }

    private Envelope envelope() {
        return Fixtures.envelope(mailId, "bob@one.test", "ann@one.test");
    }

    /** The mail's records on mail.routed, once there are so many. */
    private List<ConsumerRecord<byte[], byte[]>> sent(int count) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        try (var consumer = new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(Topics.MAIL_ROUTED, 0), new TopicPartition(Topics.MAIL_ROUTED, 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (found.size() < count) {
                assertTrue(System.nanoTime() < deadline, "only " + found.size() + " records were sent");
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (new String(record.key()).equals(mailId.toString())) {
                        found.add(record);
                    }
                });
            }
        }
        return found;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private final class Progress implements DirectoryProgress {

        @Override
        public void awaitOffset(long offset) {
            if (!directoryThere) {
                throw new InfrastructureFailure("not there yet, says the test");
            }
        }

        @Override
        public long offset() {
            return 0;
        }
    }
}
