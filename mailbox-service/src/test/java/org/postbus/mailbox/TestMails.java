package org.postbus.mailbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.postbus.events.Envelope;
import org.postbus.events.FailedRecipient;
import org.postbus.events.MailCodec;
import org.postbus.events.MailIds;
import org.postbus.events.MailRecord;
import org.postbus.events.RoutedEnvelope;
import org.postbus.events.RoutedEnvelope.LocalDelivery;
import org.postbus.events.Topics;

/** Mails as delivery-service routes them. */
public final class TestMails {

    public static final String TRACE_FIELDS = "Received: from cs.usfca.edu ([192.0.2.7])\r\n"
            + "\tby mail.demo.test with SMTP id 1;\r\n\tMon, 23 Nov 2026 12:00:00 +0000\r\n";

    private static final AtomicLong OFFSETS = new AtomicLong();

    private TestMails() {
    }

    /** A new envelope to the accounts, whose addresses are made up. */
    public static RoutedEnvelope routedTo(UUID... accounts) {
        return routed(MailIds.mint(), List.of(accounts), List.of());
    }

    public static RoutedEnvelope routed(UUID mailId, List<UUID> accounts, List<FailedRecipient> failures) {
        List<String> paths = new ArrayList<>();
        List<LocalDelivery> deliveries = new ArrayList<>();
        for (int i = 0; i < accounts.size(); i++) {
            String path = "user" + i + "@demo.test";
            paths.add(path);
            deliveries.add(new LocalDelivery(accounts.get(i), path, path));
        }
        failures.forEach(failure -> paths.add(failure.originalRecipient()));
        return new RoutedEnvelope(accepted(mailId, paths), deliveries, failures);
    }

    public static Envelope accepted(UUID mailId, List<String> forwardPaths) {
        return accepted(mailId, forwardPaths, "SMTP");
    }

    /** @param protocol as a Received field names it */
    public static Envelope accepted(UUID mailId, List<String> forwardPaths, String protocol) {
        return new Envelope(mailId, "parrt@jguru.com", forwardPaths, "7BIT", new Envelope.Client("192.0.2.7", "cs.usfca.edu"),
                protocol, "mail.demo.test", Instant.parse("2026-11-23T12:00:00Z"), 0, TRACE_FIELDS);
    }

    public static MailRecord<RoutedEnvelope> whole(RoutedEnvelope envelope, String data) {
        return new MailRecord.Whole<>(envelope.accepted().mailId(), envelope, octets(data));
    }

    /** A large mail: its chunks and its closing record. */
    public static List<MailRecord<RoutedEnvelope>> chunked(RoutedEnvelope envelope, byte[] data) {
        UUID mailId = envelope.accepted().mailId();
        List<MailRecord<RoutedEnvelope>> records = new ArrayList<>();
        int n = 0;
        for (int from = 0; from < data.length; from += Topics.CHUNK_OCTETS) {
            byte[] chunk = Arrays.copyOfRange(data, from, Math.min(data.length, from + Topics.CHUNK_OCTETS));
            records.add(n == 0 ? new MailRecord.FirstChunk<>(mailId, envelope, chunk) : new MailRecord.Chunk<>(mailId, n, chunk));
            n++;
        }
        records.add(new MailRecord.Closing<>(mailId, n, data.length, sha256(data)));
        return records;
    }

    /** As the record would come out of {@code mail.routed}. */
    public static ConsumerRecord<byte[], byte[]> consumed(MailRecord<RoutedEnvelope> mail) {
        return consumed(MailCodec.ROUTED.encode(mail, "delivery-service", 0), Instant.now());
    }

    public static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> record, Instant at) {
        return new ConsumerRecord<>(record.topic(), record.partition(), OFFSETS.incrementAndGet(), at.toEpochMilli(),
                TimestampType.CREATE_TIME, record.key().length, record.value().length, record.key(), record.value(),
                record.headers(), Optional.empty());
    }

    public static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String sha256(byte[] data) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
