package org.postbus.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {

    @TempDir
    Path folder;

    @Test
    void keepsRecordsAndAsksForCredentialsOverARestart() throws Exception {
        var settings = new EmbeddedKafka.Settings(folder.resolve("kafka"), 0, 0, true);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(settings)) {
            var topics = List.of(new EmbeddedKafka.Topic("letters", 2, Map.of("flush.messages", "1")));
            kafka.createTopics(topics);
            kafka.createTopics(topics);
            send(kafka.clientProperties(), new byte[1024 * 1024 * 3]);
            assertThrows(Exception.class, () -> send(Map.of("bootstrap.servers", kafka.bootstrapServers()), new byte[1]));
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(settings)) {
            assertEquals(1, endOffset(kafka.clientProperties()));
        }
    }

    @Test
    void aTopicGetsTheSettingsThatItLacksAndKeepsItsOwn() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(new EmbeddedKafka.Settings(folder.resolve("kafka"), 0, 0, false));
                Admin admin = Admin.create(kafka.clientProperties())) {
            kafka.createTopics(List.of(new EmbeddedKafka.Topic("letters", 1, Map.of("flush.messages", "1"))));
            kafka.createTopics(List.of(
                    new EmbeddedKafka.Topic("letters", 1, Map.of("flush.messages", "5", "delete.retention.ms", "172800000"))));
            // The broker learns a moment later what the controller has taken.
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!setting(admin, "delete.retention.ms").equals("172800000")) {
                assertTrue(System.nanoTime() - end < 0, "not set");
                LockSupport.parkNanos(1_000_000);
            }
            assertEquals("1", setting(admin, "flush.messages"));
        }
    }

    private static String setting(Admin admin, String name) throws Exception {
        ConfigResource letters = new ConfigResource(ConfigResource.Type.TOPIC, "letters");
        return admin.describeConfigs(List.of(letters)).all().get(20, TimeUnit.SECONDS).get(letters).get(name).value();
    }

    @Test
    void aMisspeltTopicIsNotMade() {
        EmbeddedKafka kafka = EmbeddedServers.forTests().kafka();
        assertThrows(Exception.class, () -> send(kafka.clientProperties(), new byte[1]));
    }

    private static void send(Map<String, Object> client, byte[] value) throws Exception {
        Map<String, Object> config = new HashMap<>(client);
        config.put("max.block.ms", "2000");
        config.put("max.request.size", "4194304");
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("letters", 1, null, value)).get(20, TimeUnit.SECONDS);
        }
    }

    private static long endOffset(Map<String, Object> client) throws Exception {
        TopicPartition partition = new TopicPartition("letters", 1);
        try (Admin admin = Admin.create(client)) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition).get().offset();
        }
    }
}
