package org.postbus.delivery;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.postbus.consumer.EventProducer;
import org.postbus.events.DirectoryCodec;
import org.postbus.events.MailCodec;
import org.postbus.events.MailRecord;
import org.postbus.events.Topics;
import org.postbus.events.directory.DirectoryEntry;

/** The event log as a test sees it: it plays the services before and behind. */
final class EventLog implements AutoCloseable {

    private static final AtomicLong VERSIONS = new AtomicLong();
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Map<String, Object> kafka;
    private final EventProducer producer;

    EventLog(String bootstrapServers) {
        this.kafka = Map.of("bootstrap.servers", bootstrapServers);
        this.producer = new EventProducer("test", kafka);
    }

    static long nextVersion() {
        return VERSIONS.incrementAndGet();
    }

    /** Publishes the entry; returns the offset that a view must reach to know it. */
    long publish(DirectoryEntry entry) {
        return send(DirectoryCodec.encode(entry, "test")).offset() + 1;
    }

    RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
        var acknowledged = producer.send(record);
        EventProducer.awaitAll(List.of(acknowledged), SOON);
        return acknowledged.join();
    }

    <E> void send(MailCodec<E> codec, String topic, MailRecord<E> mail) {
        send(codec.encode(mail, "test", Topics.partition(mail.mailId().toString(), producer.partitions(topic))));
    }

    /** The first records of the topic that bear the key, in order. */
    List<ConsumerRecord<byte[], byte[]>> await(String topic, UUID key, int count) {
        long deadline = System.nanoTime() + SOON.toNanos();
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(new HashMap<>(kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (found.size() < count) {
                assertTrue(System.nanoTime() < deadline, "waited 60 s for " + count + " of " + key + " on " + topic + ", got " + found.size());
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (record.key() != null && key.toString().equals(new String(record.key()))) {
                        found.add(record);
                    }
                });
            }
        }
        return found;
    }

    @Override
    public void close() {
        producer.close();
    }
}
