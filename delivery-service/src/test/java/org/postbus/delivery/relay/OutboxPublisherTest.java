package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.consumer.EventProducer;
import org.postbus.delivery.dsn.Notifications;
import org.postbus.delivery.queue.QueueDatabase;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.events.FactCodec;
import org.postbus.events.TopicCheck;
import org.postbus.events.Topics;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailStep;

/** What can be told is told, whatever is beside it in the outbox. */
class OutboxPublisherTest {

    private static QueueDatabase queue;
    private static Map<String, Object> kafka;
    private static EventProducer producer;

    private final OutboxPublisher publisher = new OutboxPublisher(queue.dataSource(), producer, new Notifications("mx.example.org"));

    @BeforeAll
    static void begin() throws Exception {
        queue = new QueueDatabase();
        kafka = Map.of("bootstrap.servers", EmbeddedServers.forTests().bootstrapServers());
        try (Admin admin = Admin.create(kafka)) {
            TopicCheck.createStandalone(admin);
        }
        producer = new EventProducer("test", kafka);
    }

    @AfterAll
    static void end() {
        producer.close();
        queue.close();
    }

    @BeforeEach
    void empty() throws Exception {
        queue.execute("truncate outbox");
    }

    @Test
    void whatCanNeverBeSentIsDroppedAloneAndTheOthersAreTold() throws Exception {
        List<UUID> good = List.of(keep("before"), keep("before"));
        keep("x".repeat(Topics.MAX_RECORD_OCTETS));
        List<UUID> after = List.of(keep("after"), keep("after"));
        assertTrue(publisher.round(), "it is to be looked for");
        assertTrue(publisher.round());
        assertEquals("0", queue.value("select count(*) from outbox"));
        assertTrue(told().containsAll(good));
        assertTrue(told().containsAll(after));
    }

    @Test
    void whatCannotBeReadIsDroppedAloneAndTheOthersAreTold() throws Exception {
        UUID good = keep("before");
        queue.execute("insert into outbox (trail) values ('no event')");
        queue.execute("insert into outbox (notification, told_at, recipients, mail_id, envelope, header_section)"
                + " values (gen_random_uuid(), now(), '[]', gen_random_uuid(), 'no envelope', '')");
        UUID after = keep("after");
        assertTrue(publisher.round());
        assertEquals("0", queue.value("select count(*) from outbox"));
        assertTrue(told().containsAll(List.of(good, after)));
        queue.execute("insert into outbox (trail) values ('no event')");
        assertTrue(publisher.round(), "more may be behind it");
        assertFalse(publisher.round());
    }

    /** Another instance has dropped it meanwhile: this one goes on with many at a time. */
    @Test
    void afterAFailureThatIsGoneManyAreSentInOneRoundAgain() throws Exception {
        keep("x".repeat(Topics.MAX_RECORD_OCTETS));
        assertTrue(publisher.round());
        queue.execute("truncate outbox");
        keep("one");
        publisher.round();
        for (int i = 0; i < 5; i++) {
            keep("many");
        }
        publisher.round();
        assertEquals("0", queue.value("select count(*) from outbox"));
    }

    /** What another instance sends just now is none of this one's business, not even where it cannot be sent. */
    @Test
    void whatAnotherHoldsStays() throws Exception {
        keep("x".repeat(Topics.MAX_RECORD_OCTETS));
        assertTrue(publisher.round());
        UUID good = keep("good");
        try (Connection other = queue.dataSource().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().executeQuery("select from outbox order by id limit 1 for update").close();
            assertTrue(publisher.round());
            assertFalse(publisher.round());
            other.rollback();
            other.setAutoCommit(true);
        }
        assertTrue(told().contains(good));
        assertEquals("1", queue.value("select count(*) from outbox"));
    }

    private static UUID keep(String diagnostic) throws Exception {
        UUID id = UUID.randomUUID();
        TrailEvent event = new TrailEvent(id, Instant.parse("2026-06-01T12:00:00Z"), "delivery-service", TrailStep.RELAYED,
                Optional.of(UUID.randomUUID()), Optional.empty(), "", Optional.of("ann@one.test"),
                List.of(new TrailEvent.Recipient("bob@two.test", "bob@two.test", "2.0.0", diagnostic)), List.of(), Optional.empty(), 1, "");
        try (Connection connection = queue.dataSource().getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into outbox (trail) values (?)")) {
            insert.setBytes(1, FactCodec.MAIL_TRAIL.json(event));
            insert.executeUpdate();
        }
        return id;
    }

    /** All events of the trail so far. */
    private static Set<UUID> told() throws Exception {
        Set<UUID> ids = new HashSet<>();
        try (var consumer = new KafkaConsumer<>(new HashMap<>(kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.MAIL_TRAIL).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    ids.add(FactCodec.MAIL_TRAIL.decode(record).id());
                }
            }
        }
        return ids;
    }
}
