package org.postbus.events;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Mail on the event log: raw octets as value, the envelope as JSON in the header {@code envelope}.
 *
 * @param <E> the envelope: {@link Envelope} on {@code mail.accepted}, {@link RoutedEnvelope} on {@code mail.routed}
 */
public final class MailCodec<E> {

    /** Codec of {@link Topics#MAIL_ACCEPTED}. */
    public static final MailCodec<Envelope> ACCEPTED = new MailCodec<>(Topics.MAIL_ACCEPTED, Envelope.class);

    /** Codec of {@link Topics#MAIL_ROUTED}. */
    public static final MailCodec<RoutedEnvelope> ROUTED = new MailCodec<>(Topics.MAIL_ROUTED, RoutedEnvelope.class);

    private static final String RFC822 = "message/rfc822";
    private static final String OCTETS = "application/octet-stream";
    private static final String JSON = "application/json";

    private final String topic;
    private final Class<E> envelopeType;

    private MailCodec(String topic, Class<E> envelopeType) {
        this.topic = topic;
        this.envelopeType = envelopeType;
    }

    /** JSON value of a closing record. */
    record ClosingData(int chunks, long octets, String sha256, Optional<HeaderEdits> edits) {
    }

    /**
     * @param source    the service that produces it, for example {@code smtp-gateway}
     * @param partition one partition for all records of a mail
     */
    public ProducerRecord<byte[], byte[]> encode(MailRecord<E> mail, String source, int partition) {
        RecordHeaders headers;
        byte[] value;
        switch (mail) {
            case MailRecord.Whole<E> whole -> {
                headers = headers(mail, "", "", source, RFC822);
                headers.add(Headers.ENVELOPE, EventJson.write(whole.envelope()));
                value = whole.data();
            }
            case MailRecord.FirstChunk<E> first -> {
                headers = headers(mail, ".chunk", "/0", source, OCTETS);
                headers.add(Headers.ENVELOPE, EventJson.write(first.envelope()));
                Headers.put(headers, Headers.CHUNK, "0");
                value = first.data();
            }
            case MailRecord.Chunk<E> chunk -> {
                headers = headers(mail, ".chunk", "/" + chunk.n(), source, OCTETS);
                Headers.put(headers, Headers.CHUNK, Integer.toString(chunk.n()));
                value = chunk.data();
            }
            case MailRecord.Closing<E> closing -> {
                headers = headers(mail, ".closing", "/closing", source, JSON);
                value = EventJson.write(new ClosingData(closing.chunks(), closing.octets(), closing.sha256(),
                        Optional.of(closing.edits()).filter(edits -> !edits.equals(HeaderEdits.NONE))));
            }
        }
        byte[] key = mail.mailId().toString().getBytes(StandardCharsets.US_ASCII);
        return new ProducerRecord<>(topic, partition, key, value, headers);
    }

    /** @throws ContractViolation if the record is no mail of this topic, whoever wrote it */
    public MailRecord<E> decode(ConsumerRecord<byte[], byte[]> record) throws ContractViolation {
        String type = Headers.require(record.headers(), Headers.TYPE);
        UUID mailId = Keys.uuid(record.key());
        if (type.equals(type(""))) {
            return new MailRecord.Whole<>(mailId, envelope(record, mailId), data(record));
        }
        if (type.equals(type(".chunk"))) {
            return chunk(record, mailId);
        }
        if (type.equals(type(".closing"))) {
            return closing(record, mailId);
        }
        throw new ContractViolation("unknown ce_type on " + topic);
    }

    /** The envelope alone, for a service that keeps a large mail's envelope until its closing record. */
    public byte[] envelopeJson(E envelope) {
        return EventJson.write(envelope);
    }

    /**
     * Reads what {@link #envelopeJson} wrote.
     *
     * @throws ContractViolation if it is no envelope of that mail
     */
    public E envelope(byte[] json, UUID mailId) throws ContractViolation {
        E envelope = EventJson.read(json, envelopeType);
        EnvelopeRules.check(envelope, mailId);
        return envelope;
    }

    private MailRecord<E> chunk(ConsumerRecord<byte[], byte[]> record, UUID mailId) throws ContractViolation {
        int n = Keys.number(Headers.require(record.headers(), Headers.CHUNK));
        return n == 0
                ? new MailRecord.FirstChunk<>(mailId, envelope(record, mailId), data(record))
                : new MailRecord.Chunk<>(mailId, n, data(record));
    }

    private MailRecord<E> closing(ConsumerRecord<byte[], byte[]> record, UUID mailId) throws ContractViolation {
        ClosingData closing = EventJson.read(record.value(), ClosingData.class);
        if (closing.chunks() < 1 || closing.octets() < 1 || closing.sha256() == null
                || !closing.sha256().matches("[0-9a-f]{64}")) {
            throw new ContractViolation("closing record without chunks, octets and SHA-256");
        }
        HeaderEdits edits = closing.edits().orElse(HeaderEdits.NONE);
        EnvelopeRules.edits(edits);
        return new MailRecord.Closing<>(mailId, closing.chunks(), closing.octets(), closing.sha256(), edits);
    }

    private E envelope(ConsumerRecord<byte[], byte[]> record, UUID mailId) throws ContractViolation {
        return envelope(Headers.require(record.headers(), Headers.ENVELOPE).getBytes(StandardCharsets.UTF_8), mailId);
    }

    private static byte[] data(ConsumerRecord<byte[], byte[]> record) throws ContractViolation {
        if (record.value() == null || record.value().length > Topics.CHUNK_OCTETS) {
            throw new ContractViolation("mail data missing or over " + Topics.CHUNK_OCTETS + " octets");
        }
        return record.value();
    }

    private RecordHeaders headers(MailRecord<E> mail, String part, String idSuffix, String source, String contentType) {
        Instant now = Instant.now();
        return Headers.of(type(part), mail.mailId() + idSuffix, source, now, mail.mailId(), contentType);
    }

    private String type(String part) {
        return "org.postbus." + topic + part + ".v1";
    }
}
