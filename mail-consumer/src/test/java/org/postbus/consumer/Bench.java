package org.postbus.consumer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.postbus.embedded.EmbeddedServers;

/** A service of its own for one test: a topic with two partitions, a database with a table of effects, a producer. */
final class Bench implements AutoCloseable {

    static final int PARTITIONS = 2;

    private static final AtomicInteger SERVICES = new AtomicInteger();

    final EmbeddedServers servers = EmbeddedServers.forTests();
    final String service = "service" + SERVICES.incrementAndGet();
    final String topic = service + "-letters";
    final Map<String, Object> kafka = Map.of("bootstrap.servers", servers.bootstrapServers());
    final BreakableDataSource dataSource = new BreakableDataSource(servers.freshDatabase());
    final EventProducer producer = new EventProducer(service, kafka);
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<PollLoop> loops = new ArrayList<>();

    Bench() throws SQLException {
        servers.createTopic(topic, PARTITIONS);
        servers.createTopic(service + ".dead-letter", 1);
        execute("CREATE TABLE position (topic text NOT NULL, partition integer NOT NULL, next_offset bigint NOT NULL "
                + "CHECK (next_offset >= 0), leader_epoch integer, PRIMARY KEY (topic, partition))");
        execute("CREATE TABLE effect (partition integer NOT NULL, word text NOT NULL CHECK (word <> 'refused'))");
    }

    PollLoop loop(BatchHandler handler) {
        return loop(new Subscription(service, topic, kafka, Pace.PROMPT), handler);
    }

    PollLoop loop(Subscription subscription, BatchHandler handler) {
        PollLoop loop = new PollLoop(subscription, dataSource, handler, producer, meters);
        loops.add(loop);
        return loop.start();
    }

    /** Writes each record's word as a row, without any key that would hide a repetition. */
    static void writeWords(Connection connection, List<ConsumerRecord<byte[], byte[]>> records) throws SQLException {
        try (var statement = connection.prepareStatement("INSERT INTO effect VALUES (?, ?)")) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                statement.setInt(1, record.partition());
                statement.setString(2, word(record));
                statement.executeUpdate();
            }
        }
    }

    static String word(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    void send(int partition, String... words) {
        EventProducer.awaitAll(java.util.Arrays.stream(words)
                .map(word -> producer.send(new ProducerRecord<>(topic, partition, word.getBytes(StandardCharsets.UTF_8),
                        word.getBytes(StandardCharsets.UTF_8))))
                .toList(), Duration.ofSeconds(20));
    }

    /** The words applied in a partition, in order. */
    List<String> effects(int partition) throws SQLException {
        List<String> words = new ArrayList<>();
        try (Connection connection = dataSource.whole(); Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT word FROM effect WHERE partition = " + partition + " ORDER BY ctid")) {
            while (rows.next()) {
                words.add(rows.getString(1));
            }
        }
        return words;
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.whole(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        return read(new TopicPartition(service + ".dead-letter", 0));
    }

    List<ConsumerRecord<byte[], byte[]>> read(TopicPartition partition) {
        try (var consumer = new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < deadline, "waited 60 s for: " + what);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    @Override
    public void close() {
        loops.forEach(PollLoop::close);
        producer.close();
    }
}
