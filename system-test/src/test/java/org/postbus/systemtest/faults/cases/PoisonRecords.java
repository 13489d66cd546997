package org.postbus.systemtest.faults.cases;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.postbus.events.Topics;

/** A stranger writes what is no event: bad JSON, nothing at all, no key, and the largest record that the topic takes. */
public record PoisonRecords() implements Fault {

    private static final List<String> TOPICS =
            List.of(Topics.MAIL_ACCEPTED, Topics.MAIL_ROUTED, Topics.MAIL_FAILED, Topics.MAILDROP_UPDATED);
    private static final int LARGEST = Topics.MAX_RECORD_OCTETS - 1024;

    @Override
    public String name() {
        return "poison records";
    }

    @Override
    public void run(Scene scene) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of(
                "bootstrap.servers", scene.cluster().kafka().bootstrap(), "max.request.size", 2 * Topics.MAX_RECORD_OCTETS,
                "buffer.memory", 16L * Topics.MAX_RECORD_OCTETS),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int n = 0; !scene.over(); n++) {
                put(scene, producer, n);
                scene.letPass(100, 600);
            }
        }
    }

    private static void put(Scene scene, KafkaProducer<byte[], byte[]> producer, int n) throws Exception {
        String topic = TOPICS.get(scene.random().nextInt(TOPICS.size()));
        byte[] key = ("poison-" + n).getBytes(StandardCharsets.US_ASCII);
        // Large ones are few: they are kept for ever in the dead letters.
        byte[] noise = new byte[n % 40 == 20 ? LARGEST : 1 + scene.random().nextInt(2_000)];
        scene.random().nextBytes(noise);
        ProducerRecord<byte[], byte[]> record = switch (n % 4) {
            case 0 -> new ProducerRecord<>(topic, key, noise);
            case 1 -> new ProducerRecord<>(topic, key, new byte[0]);
            case 2 -> new ProducerRecord<>(topic, null, "{\"no\": json".getBytes(StandardCharsets.UTF_8));
            default -> new ProducerRecord<>(topic, null, null);
        };
        RecordMetadata where = producer.send(record).get(60, TimeUnit.SECONDS);
        scene.poison().put(where.topic(), where.partition(), where.offset());
        scene.tally().event("poison records");
    }
}
