package org.postbus.mailbox.eventlog;

import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.postbus.consumer.EventProducer;
import org.postbus.mailbox.config.KafkaClients;

/** This service's clients of the event log. */
@Singleton
public class EventLog {

    private final Map<String, Object> settings;
    private final EventProducer producer;
    private final Admin admin;

    public EventLog(@Identifier("default-kafka-broker") Map<String, Object> settings, KafkaClients clients) {
        this.settings = settings;
        this.producer = new EventProducer("mailbox", settings);
        this.admin = clients.admin(Duration.ofSeconds(5));
    }

    /** Settings that every Kafka client begins with. */
    public Map<String, Object> settings() {
        return settings;
    }

    public EventProducer producer() {
        return producer;
    }

    public Admin admin() {
        return admin;
    }

    /** How many partitions a topic has. */
    public int partitions(String topic) {
        return producer.partitions(topic);
    }

    @PreDestroy
    void close() {
        producer.close();
        admin.close(Duration.ofSeconds(1));
    }
}
