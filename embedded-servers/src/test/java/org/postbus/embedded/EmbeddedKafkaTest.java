package org.postbus.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
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
