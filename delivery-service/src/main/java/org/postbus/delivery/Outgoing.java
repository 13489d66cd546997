package org.postbus.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.postbus.consumer.EventProducer;
import org.postbus.events.Envelope;
import org.postbus.events.FactCodec;
import org.postbus.events.MailCodec;
import org.postbus.events.MailRecord;
import org.postbus.events.RoutedEnvelope;
import org.postbus.events.Topics;
import org.postbus.events.TrailEvent;

/** What one batch sends; all of it must be acknowledged before the batch commits. */
public final class Outgoing {

    /** Names this service in events. */
    public static final String SERVICE = "delivery-service";

    private final EventProducer producer;
    private final List<CompletableFuture<RecordMetadata>> sends = new ArrayList<>();

    public Outgoing(EventProducer producer) {
        this.producer = producer;
    }

    /** A record of a routed mail; all records of a mail go to one partition. */
    public void routed(MailRecord<RoutedEnvelope> mail, int partition) {
        sends.add(producer.send(MailCodec.ROUTED.encode(mail, SERVICE, partition)));
    }

    /** A record of a mail that this service makes. */
    public void accepted(MailRecord<Envelope> mail) {
        sends.add(producer.send(MailCodec.ACCEPTED.encode(mail, SERVICE, partition(Topics.MAIL_ACCEPTED, mail.mailId()))));
    }

    public void trail(TrailEvent event) {
        sends.add(producer.send(FactCodec.MAIL_TRAIL.encode(event, SERVICE, producer.partitions(Topics.MAIL_TRAIL))));
    }

    public int partition(String topic, UUID mailId) {
        return Topics.partition(mailId.toString(), producer.partitions(topic));
    }

    /** @throws org.postbus.consumer.InfrastructureFailure not all of it is acknowledged in time */
    public void awaitAll() {
        EventProducer.awaitAll(sends, EventProducer.ACKNOWLEDGED_WITHIN);
    }
}
