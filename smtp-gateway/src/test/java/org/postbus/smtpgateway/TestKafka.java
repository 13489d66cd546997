package org.postbus.smtpgateway;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.postbus.embedded.EmbeddedKafka;
import org.postbus.events.ContractViolation;
import org.postbus.events.DirectoryCodec;
import org.postbus.events.Envelope;
import org.postbus.events.FactCodec;
import org.postbus.events.MailCodec;
import org.postbus.events.MailRecord;
import org.postbus.events.TopicCheck;
import org.postbus.events.Topics;
import org.postbus.events.TrailEvent;
import org.postbus.events.directory.DirectoryChange;
import org.postbus.events.directory.DirectoryEntry;

/** A broker with the platform's topics: feeds the directory, and shows what the gateway wrote. */
final class TestKafka implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final AtomicLong VERSION = new AtomicLong(1);

    private final EmbeddedKafka broker;

    TestKafka(Path folder, int port) {
        broker = EmbeddedKafka.start(new EmbeddedKafka.Settings(folder, port, 0, false));
        try (Admin admin = Admin.create(broker.clientProperties())) {
            TopicCheck.createStandalone(admin);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With the domain example.org, whose postmaster is its one account, jones. */
    static TestKafka withJones(Path folder) {
        TestKafka kafka = new TestKafka(folder.resolve("kafka"), 0);
        kafka.domain("example.org", Optional.of("jones@example.org"));
        kafka.account("jones@example.org", true);
        return kafka;
    }

    Map<String, Object> properties() {
        return broker.clientProperties();
    }

    int port() {
        String servers = broker.bootstrapServers();
        return Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1));
    }

    void domain(String name, Optional<String> postmaster) {
        put(new DirectoryEntry.Domain(name, VERSION.incrementAndGet(), postmaster));
    }

    /** Returns the account's id. */
    UUID account(String address, boolean enabled) {
        UUID id = UUID.randomUUID();
        put(new DirectoryEntry.Account(address, VERSION.incrementAndGet(), id, enabled));
        return id;
    }

    void alias(String address, List<String> targets) {
        put(new DirectoryEntry.Alias(address, VERSION.incrementAndGet(), targets));
    }

    /** Says that names are published anew. */
    void rebuilding() {
        send(DirectoryCodec.encode(new DirectoryChange.Rebuilding(VERSION.incrementAndGet()), "test"));
    }

    /** Says that they were. */
    void rebuilt() {
        send(DirectoryCodec.encodeDeletion(DirectoryChange.Rebuilding.KEY, VERSION.incrementAndGet(), "test"));
    }

    private void put(DirectoryEntry entry) {
        send(DirectoryCodec.encode(entry, "test"));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        try (var producer = new KafkaProducer<>(properties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The records of one mail on mail.accepted, in order. */
    List<MailRecord<Envelope>> mail(UUID mailId) throws ContractViolation {
        List<MailRecord<Envelope>> found = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : read(Topics.MAIL_ACCEPTED)) {
            MailRecord<Envelope> decoded = MailCodec.ACCEPTED.decode(record);
            if (decoded.mailId().equals(mailId)) {
                found.add(decoded);
            }
        }
        return found;
    }

    List<TrailEvent> trail() throws ContractViolation {
        List<TrailEvent> found = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : read(Topics.MAIL_TRAIL)) {
            found.add(FactCodec.MAIL_TRAIL.decode(record));
        }
        return found;
    }

    /** How many records mail.accepted holds. */
    int acceptedRecords() {
        return read(Topics.MAIL_ACCEPTED).size();
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Object> config = new HashMap<>(properties());
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(records::add);
            }
        }
        return records;
    }

    @Override
    public void close() {
        broker.close();
    }
}
