package org.postbus.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.postbus.events.Envelope;
import org.postbus.events.MailIds;
import org.postbus.events.directory.Directory;
import org.postbus.events.directory.DirectoryEntry;

/** What several tests need. */
public final class Fixtures {

    private Fixtures() {
    }

    public static Envelope envelope(UUID mailId, String reversePath, String... forwardPaths) {
        return new Envelope(mailId, reversePath, List.of(forwardPaths), "7BIT", new Envelope.Client("192.0.2.1", "client.example"),
                "ESMTP", "mx.example.org", MailIds.time(mailId), 0, "Received: from client.example\r\n");
    }

    public static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What a consumer would get of what a producer sends. */
    public static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> sent, long offset, Instant at) {
        return new ConsumerRecord<>(sent.topic(), sent.partition(), offset, at.toEpochMilli(), TimestampType.CREATE_TIME,
                0, 0, sent.key(), sent.value(), sent.headers(), Optional.empty());
    }

    /** A directory in memory. */
    public static final class Names implements Directory {

        private final Map<String, DirectoryEntry> entries = new HashMap<>();

        public Names domain(String name, String postmaster) {
            entries.put(name, new DirectoryEntry.Domain(name, 1, Optional.of(postmaster).filter(text -> !text.isEmpty())));
            return this;
        }

        public UUID account(String address, boolean enabled) {
            UUID id = UUID.nameUUIDFromBytes(octets(address));
            entries.put(address, new DirectoryEntry.Account(address, 1, id, enabled));
            return id;
        }

        public Names alias(String address, String... targets) {
            entries.put(address, new DirectoryEntry.Alias(address, 1, List.of(targets)));
            return this;
        }

        @Override
        public Optional<DirectoryEntry.Domain> domain(String name) {
            return Optional.ofNullable(entries.get(name)).map(DirectoryEntry.Domain.class::cast);
        }

        @Override
        public Optional<DirectoryEntry> address(String canonicalAddress) {
            return Optional.ofNullable(entries.get(canonicalAddress));
        }

        @Override
        public Optional<DirectoryEntry.Domain> postmasterDomain() {
            return entries.values().stream().filter(DirectoryEntry.Domain.class::isInstance)
                    .map(DirectoryEntry.Domain.class::cast).filter(domain -> domain.postmaster().isPresent()).findFirst();
        }
    }
}
