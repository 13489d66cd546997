package org.postbus.mailbox.deadletter;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What a dead letter tells. Whatever it lacks or garbles is made up from the record itself: were it refused, it would
 * be buried again, for ever.
 *
 * @param id      the same for the same original, however often it was buried
 * @param service whose dead letter it is
 * @param cutFrom octets of the original value, where it had to be cut
 */
record BuriedRecord(UUID id, String service, String topic, int partition, long offset, String reason, Instant at,
        Optional<UUID> mailId, byte[] key, byte[] value, OptionalLong cutFrom, List<Header> headers) {

    private static final String PREFIX = "dead-letter-";
    private static final int MAX_TEXT = 500;

    static BuriedRecord of(ConsumerRecord<byte[], byte[]> record) {
        String service = record.topic().replace(".dead-letter", "");
        String topic = text(record, "topic").orElse(record.topic());
        int partition = (int) Math.min(number(record, "partition").orElse(record.partition()), Integer.MAX_VALUE);
        long offset = number(record, "offset").orElse(record.offset());
        List<Header> headers = new ArrayList<>();
        record.headers().forEach(header -> {
            if (!header.key().startsWith(PREFIX)) {
                headers.add(header);
            }
        });
        return new BuriedRecord(id(service, topic, partition, offset), service, topic, partition, offset,
                text(record, "reason").orElse("no reason given"), time(record), mailId(topic, record.key()),
                record.key(), record.value(), number(record, "cut-from-octets"), headers);
    }

    private static UUID id(String service, String topic, int partition, long offset) {
        String name = service + "/" + topic + "/" + partition + "/" + offset;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String name) {
        return Optional.ofNullable(record.headers().lastHeader(PREFIX + name)).map(Header::value)
                .map(value -> new String(value, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " "))
                .map(text -> text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT));
    }

    private static OptionalLong number(ConsumerRecord<byte[], byte[]> record, String name) {
        return text(record, name).filter(text -> text.matches("[0-9]{1,18}")).map(Long::parseLong)
                .map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    private static Instant time(ConsumerRecord<byte[], byte[]> record) {
        try {
            return text(record, "time").map(Instant::parse).orElse(Instant.ofEpochMilli(record.timestamp()));
        } catch (DateTimeParseException e) {
            return Instant.ofEpochMilli(record.timestamp());
        }
    }

    private static Optional<UUID> mailId(String topic, byte[] key) {
        String text = key == null || key.length != 36 ? "" : new String(key, StandardCharsets.US_ASCII);
        boolean ofMail = topic.startsWith("mail.") && text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        return ofMail ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }
}
