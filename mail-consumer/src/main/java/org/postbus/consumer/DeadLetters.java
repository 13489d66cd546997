package org.postbus.consumer;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.postbus.events.Topics;

/**
 * Records that can never be applied, kept for people: key, value and headers as they were, and the headers
 * {@code dead-letter-reason}, {@code -topic}, {@code -partition}, {@code -offset} and {@code -time}. A crash can
 * write one twice; topic, partition and offset tell.
 */
final class DeadLetters {

    private static final int MAX_REASON = 500;
    /** What is left to our own headers and Kafka's framing within the record limit. */
    private static final int ROOM = 16 * 1024;

    private final EventProducer producer;
    private final String topic;

    DeadLetters(EventProducer producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    /** Returns when Kafka has acknowledged it. */
    void bury(ConsumerRecord<byte[], byte[]> record, Exception failure) {
        ProducerRecord<byte[], byte[]> letter = fitting(record);
        put(letter.headers(), "reason", reason(failure));
        put(letter.headers(), "topic", record.topic());
        put(letter.headers(), "partition", Integer.toString(record.partition()));
        put(letter.headers(), "offset", Long.toString(record.offset()));
        put(letter.headers(), "time", Instant.now().toString());
        EventProducer.awaitAll(List.of(producer.send(letter)), EventProducer.ACKNOWLEDGED_WITHIN);
    }

    /**
     * A record of the largest size has no room for our headers. Its value is cut then, its key and headers left
     * out where they are what is large, and a header tells: a dead letter that cannot be written would stop the
     * partition for ever.
     */
    private ProducerRecord<byte[], byte[]> fitting(ConsumerRecord<byte[], byte[]> record) {
        int limit = Topics.MAX_RECORD_OCTETS - ROOM;
        int value = record.value() == null ? 0 : record.value().length;
        int rest = octetsBesideTheValue(record);
        if (rest + value <= limit) {
            return new ProducerRecord<>(topic, null, record.key(), record.value(), new RecordHeaders(record.headers()));
        }
        boolean keepRest = rest <= limit / 2;
        byte[] cut = record.value() == null ? null : Arrays.copyOf(record.value(), Math.min(value, keepRest ? limit - rest : limit));
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(topic, null, keepRest ? record.key() : null, cut,
                keepRest ? new RecordHeaders(record.headers()) : new RecordHeaders());
        put(letter.headers(), "cut-from-octets", Integer.toString(rest + value));
        return letter;
    }

    private static int octetsBesideTheValue(ConsumerRecord<byte[], byte[]> record) {
        int octets = record.key() == null ? 0 : record.key().length;
        for (Header header : record.headers()) {
            // Header names are at most three octets a character; lengths before each field are within 10.
            octets += 3 * header.key().length() + (header.value() == null ? 0 : header.value().length) + 10;
        }
        return octets;
    }

    private static String reason(Exception failure) {
        String text = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= MAX_REASON ? line : line.substring(0, MAX_REASON);
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove("dead-letter-" + name);
        headers.add("dead-letter-" + name, value.getBytes(StandardCharsets.UTF_8));
    }
}
