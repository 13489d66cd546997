package org.postbus.events;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Facts on the event log: one JSON value a record.
 *
 * @param <T> the event
 */
public final class FactCodec<T> {

    /** Key: mail id. */
    public static final FactCodec<MailFailed> MAIL_FAILED = new FactCodec<>(Topics.MAIL_FAILED, MailFailed.class,
            event -> event.envelope().mailId(), event -> event.envelope().mailId() + "/failed", MailFailed::failedAt);

    /** Key: account id. */
    public static final FactCodec<MaildropUpdated> MAILDROP_UPDATED = new FactCodec<>(Topics.MAILDROP_UPDATED,
            MaildropUpdated.class, MaildropUpdated::accountId,
            event -> event.sessionId().orElseGet(UUID::randomUUID).toString(), MaildropUpdated::at);

    /** Key: mail id, or session id where there is no mail. */
    public static final FactCodec<TrailEvent> MAIL_TRAIL = new FactCodec<>(Topics.MAIL_TRAIL, TrailEvent.class,
            event -> event.mailId().or(event::sessionId).orElse(event.id()), event -> event.id().toString(), TrailEvent::at);

    private final String topic;
    private final Class<T> type;
    private final Function<T, UUID> key;
    private final Function<T, String> id;
    private final Function<T, Instant> time;

    private FactCodec(String topic, Class<T> type, Function<T, UUID> key, Function<T, String> id, Function<T, Instant> time) {
        this.topic = topic;
        this.type = type;
        this.key = key;
        this.id = id;
        this.time = time;
    }

    /**
     * @param source     the service that produces it
     * @param partitions how many the topic has
     */
    public ProducerRecord<byte[], byte[]> encode(T event, String source, int partitions) {
        UUID about = key.apply(event);
        var headers = Headers.of(ceType(), id.apply(event), source, time.apply(event), about, "application/json");
        String text = about.toString();
        return new ProducerRecord<>(topic, Topics.partition(text, partitions),
                text.getBytes(StandardCharsets.US_ASCII), EventJson.write(event), headers);
    }

    /** @throws ContractViolation if the record is no such event, whoever wrote it */
    public T decode(ConsumerRecord<byte[], byte[]> record) throws ContractViolation {
        if (!ceType().equals(Headers.require(record.headers(), Headers.TYPE))) {
            throw new ContractViolation("unknown ce_type on " + topic);
        }
        UUID about = Keys.uuid(record.key());
        T event = EventJson.read(record.value(), type);
        FactRules.check(event);
        if (!about.equals(key.apply(event))) {
            throw new ContractViolation("the key is of another event");
        }
        return event;
    }

    /** The value alone, for a service that keeps an event until it can be sent. */
    public byte[] json(T event) {
        return EventJson.write(event);
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @throws ContractViolation if it is no such event
     */
    public T fromJson(byte[] json) throws ContractViolation {
        T event = EventJson.read(json, type);
        FactRules.check(event);
        return event;
    }

    private String ceType() {
        return "org.postbus." + topic + ".v1";
    }
}
