package org.postbus.systemtest.threats;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.postbus.events.ContractViolation;
import org.postbus.events.Envelope;
import org.postbus.events.MailCodec;
import org.postbus.events.MailRecord;
import org.postbus.events.Topics;
import org.postbus.systemtest.RunningPlatform;

/**
 * What a platform's Kafka holds now, read to its end.
 *
 * @param begin where to begin in a partition; at its beginning where there is none
 */
record EventLog(RunningPlatform platform, Map<TopicPartition, Long> begin) {

    private static final Duration POLL = Duration.ofMillis(200);

    /** All of it. */
    EventLog(RunningPlatform platform) {
        this(platform, Map.of());
    }

    /** Mail that will be accepted: what other tests have sent may be hundreds of MiB. */
    static EventLog ofMailFromNow(RunningPlatform platform) {
        EventLog all = new EventLog(platform);
        try (var consumer = all.consumer()) {
            return new EventLog(platform, consumer.endOffsets(partitions(consumer, Topics.MAIL_ACCEPTED)));
        }
    }

    /** The envelopes of all mail that was accepted, the platform's own DSNs among them. */
    List<Envelope> accepted(Predicate<Envelope> which) {
        List<Envelope> envelopes = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records(Topics.MAIL_ACCEPTED)) {
            envelope(record).filter(which).ifPresent(envelopes::add);
        }
        return envelopes;
    }

    private static Optional<Envelope> envelope(ConsumerRecord<byte[], byte[]> record) {
        try {
            return switch (MailCodec.ACCEPTED.decode(record)) {
                case MailRecord.Whole<Envelope> whole -> Optional.of(whole.envelope());
                case MailRecord.FirstChunk<Envelope> first -> Optional.of(first.envelope());
                case MailRecord.Chunk<Envelope> _, MailRecord.Closing<Envelope> _ -> Optional.empty();
            };
        } catch (ContractViolation e) {
            throw new AssertionError(e);
        }
    }

    /** Every record of every topic as text of one octet a character: key, value and headers. */
    List<String> texts() {
        return Topics.ALL.stream().flatMap(topic -> records(topic.name()).stream()).map(EventLog::text).toList();
    }

    private static String text(ConsumerRecord<byte[], byte[]> record) {
        StringBuilder text = new StringBuilder().append(latin1(record.key())).append(latin1(record.value()));
        record.headers().forEach(header -> text.append(latin1(header.value())));
        return text.toString();
    }

    private static String latin1(byte[] octets) {
        return octets == null ? "" : new String(octets, StandardCharsets.ISO_8859_1);
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            partitions.stream().filter(begin::containsKey).forEach(partition -> consumer.seek(partition, begin.get(partition)));
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(records::add);
            }
        }
        return records;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(settings(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
        return consumer.partitionsFor(topic).stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    }

    private Map<String, Object> settings() {
        try {
            String password = Files.readString(platform.data().resolve("kafka/password"));
            return new HashMap<>(Map.of("bootstrap.servers", "127.0.0.1:" + platform.kafkaPort(),
                    "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN",
                    "sasl.jaas.config", "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"postbus\" password=\""
                            + password + "\";"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
