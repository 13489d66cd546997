package org.postbus.delivery.routing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.MessageDigest;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.consumer.EventProducer;
import org.postbus.delivery.DirectoryProgress;
import org.postbus.delivery.Fixtures;
import org.postbus.delivery.relay.Await;
import org.postbus.delivery.relay.RelayBench;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.events.Envelope;
import org.postbus.events.MailCodec;
import org.postbus.events.MailIds;
import org.postbus.events.MailRecord;
import org.postbus.events.TopicCheck;
import org.postbus.events.Topics;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;

/** Mail for recipients elsewhere: from the event log into the queue and out to the remote, and to mail.routed what is local. */
class QueueIntakeTest {

    private static final byte[] DATA = Fixtures.octets("Subject: hi\r\n\r\nhi\r\n");

    private final Fixtures.Names names = new Fixtures.Names().domain("one.test", "ann@one.test");
    private final Map<String, Object> kafka = Map.of("bootstrap.servers", EmbeddedServers.forTests().bootstrapServers());
    private final RemoteMx mx = RemoteMx.usual(Script.USUAL);
    private EventProducer producer;
    private RelayBench bench;
    private Connection connection;
    private AcceptedHandler handler;
    private long offset;

    @BeforeEach
    void begin() throws Exception {
        try (Admin admin = Admin.create(kafka)) {
            TopicCheck.createStandalone(admin);
        }
        names.account("ann@one.test", true);
        bench = new RelayBench(Map.of("routes.\"*\".host", "127.0.0.1", "routes.\"*\".port", String.valueOf(mx.port()),
                "relay.max-recipients", "50", "relay.memory", "100K")).start();
        connection = bench.dataSource().getConnection();
        connection.setAutoCommit(false);
        producer = new EventProducer("test", kafka);
        handler = new AcceptedHandler(new Router(names, Optional.empty()), new NoProgress(), producer,
                new RoutingMetrics(new SimpleMeterRegistry()), new QueueIntake(bench.relay(), Duration.ofDays(5), bench.clock()),
                bench.dataSource(), Duration.ofHours(24));
    }

    @AfterEach
    void end() throws Exception {
        connection.close();
        bench.close();
        producer.close();
        mx.close();
    }

    @Test
    void aMailForBothGoesBothWaysAndOneForElsewhereGoesOneWay() throws Exception {
        UUID both = MailIds.mint();
        UUID elsewhere = MailIds.mint();
        UUID local = MailIds.mint();
        commit(List.of(whole(both, "ann@one.test", "bob@remote.test"), whole(elsewhere, "eve@remote.test"), whole(local, "ann@one.test")));
        Await.until(() -> mx.mails().size() == 2);
        assertEquals(List.of("RCPT TO:<bob@remote.test>", "RCPT TO:<eve@remote.test>"),
                mx.mails().stream().map(mail -> mail.recipients().getFirst()).sorted().toList());
        List<UUID> routed = routed();
        assertEquals(List.of(1L, 0L, 1L), Stream.of(both, elsewhere, local)
                .map(mailId -> routed.stream().filter(mailId::equals).count()).toList());
        empty();
    }

    @Test
    void aMailForBothKeepsItsDecisionThoughTheDirectoryChangesBeforeItsBatchIsRepeated() throws Exception {
        names.alias("out@one.test", "far@remote.test");
        List<ConsumerRecord<byte[], byte[]>> batch = List.of(whole(MailIds.mint(), "ann@one.test", "out@one.test"));
        handler.apply(connection, batch);
        connection.rollback();
        names.account("out@one.test", true);
        commit(batch);
        Await.until(() -> mx.mails().size() == 1);
        assertEquals(List.of("RCPT TO:<far@remote.test>"), mx.mails().getFirst().recipients());
        assertEquals(0, bench.count("select count(*) from decision"));
        empty();
    }

    @Test
    void aBatchThatIsRepeatedAfterARollbackIsRelayedOnceAndLeavesNoRoomTaken() throws Exception {
        List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            batch.add(whole(MailIds.mint(), "a" + i + "@remote.test", "b" + i + "@other.test"));
        }
        // More than there is room for, so that some of it waits in the queue.
        for (int repeated = 0; repeated < 5; repeated++) {
            handler.apply(connection, batch);
            connection.rollback();
        }
        commit(batch);
        Await.until(() -> {
            bench.relay().wake();
            return bench.queued() == 0;
        });
        assertEquals(40, mx.mails().size());
        empty();
        // And once more, as when the position did not move: the mails of before are known no longer, but there is room for them.
        handler.apply(connection, batch);
        connection.rollback();
        handler.apply(connection, List.of());
        empty();
    }

    @Test
    void aNotificationThatIsPublishedTwiceIsRelayedOnce() throws Exception {
        UUID mailId = MailIds.mint();
        Envelope notice = new Envelope(mailId, "", List.of("bob@remote.test"), "7BIT", new Envelope.Client("", ""), "internal",
                "mx.example.org", MailIds.time(mailId), 0, "", Optional.empty(), List.of(), true);
        commit(List.of(record(new MailRecord.Whole<>(mailId, notice, DATA)), record(new MailRecord.Whole<>(mailId, notice, DATA))));
        Await.until(() -> bench.queued() == 0);
        commit(List.of(record(new MailRecord.Whole<>(mailId, notice, DATA))));
        Await.until(() -> bench.queued() == 0);
        assertEquals(1, mx.mails().size());
        empty();
    }

    @Test
    void aLargeMailForBothGoesBothWaysChunkByChunk() throws Exception {
        UUID mailId = MailIds.mint();
        byte[] all = Fixtures.octets("Subject: large\r\n\r\n" + ".a line\r\n".repeat(60_000));
        Envelope envelope = envelope(mailId, "ann@one.test", "bob@remote.test");
        commit(List.of(record(new MailRecord.FirstChunk<>(mailId, envelope, Arrays.copyOf(all, 200_000)))));
        commit(List.of(record(new MailRecord.Chunk<>(mailId, 1, Arrays.copyOfRange(all, 200_000, 400_000)))));
        MailRecord<Envelope> last = new MailRecord.Chunk<>(mailId, 2, Arrays.copyOfRange(all, 400_000, all.length));
        // A rolled back batch in between.
        handler.apply(connection, List.of(record(last)));
        connection.rollback();
        bench.relay().wake();
        assertEquals(0, mx.mails().size());
        commit(List.of(record(last), record(new MailRecord.Closing<>(mailId, 3, all.length,
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all))))));
        // A large mail is due by the wall clock.
        bench.pass(Duration.between(bench.now(), Instant.now().plusSeconds(60)));
        Await.until(() -> mx.mails().size() == 1);
        byte[] received = mx.mails().getFirst().octets();
        assertArrayEquals(all, Arrays.copyOfRange(received, received.length - all.length, received.length));
        assertTrue(routed().stream().filter(mailId::equals).count() >= 4);
        empty();
    }

    private void commit(List<ConsumerRecord<byte[], byte[]>> records) throws Exception {
        handler.apply(connection, records);
        connection.commit();
        handler.committed(records);
    }

    /** Nothing is in the queue, and nothing in hand. */
    private void empty() throws Exception {
        Await.until(() -> bench.meters().get("postbus.delivery.relay.in.hand").gauge().value() == 0);
        assertEquals(0, bench.queued());
        // Nor are there octets in hand: of what there is room for, all is there.
        Await.until(() -> bench.relay().reserve(50, 100 * 1024).isPresent());
        bench.relay().withdraw(50, 100 * 1024);
    }

    private ConsumerRecord<byte[], byte[]> whole(UUID mailId, String... recipients) {
        return record(new MailRecord.Whole<>(mailId, envelope(mailId, recipients), DATA));
    }

    private ConsumerRecord<byte[], byte[]> record(MailRecord<Envelope> mail) {
        return Fixtures.received(MailCodec.ACCEPTED.encode(mail, "test", 0), offset++, Instant.now());
    }

    private static Envelope envelope(UUID mailId, String... recipients) {
        return Fixtures.envelope(mailId, "ann@one.test", recipients).relaying(true);
    }

    /** The mails that mail.routed has records of, one for each record. */
    private List<UUID> routed() {
        List<UUID> found = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(new HashMap<>(kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(Topics.MAIL_ROUTED, 0), new TopicPartition(Topics.MAIL_ROUTED, 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> found.add(UUID.fromString(new String(record.key()))));
            }
        }
        return found;
    }

    private record NoProgress() implements DirectoryProgress {

        @Override
        public void awaitOffset(long offset) {
            // The directory of the test is always there.
        }

        @Override
        public long offset() {
            return 0;
        }
    }
}
