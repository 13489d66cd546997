package org.postbus.mailbox.config;

import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.postbus.events.Topics;

/** Makes this service's Kafka clients from the settings {@code kafka.*}. Whoever asks for one closes it. */
@ApplicationScoped
public class KafkaClients {

    private Map<String, Object> settings;

    /** For the client proxy. */
    KafkaClients() {
    }

    @Inject
    public KafkaClients(@Identifier("default-kafka-broker") Map<String, Object> settings) {
        this.settings = settings;
    }

    /** The settings that hold for a consumer, for whoever makes his own. */
    public Map<String, Object> consumerSettings() {
        return only(ConsumerConfig.configNames());
    }

    /** The settings that hold for an administration client. */
    public Map<String, Object> adminSettings() {
        return only(AdminClientConfig.configNames());
    }

    /** An administration client of which each call ends within a time. */
    public Admin admin(Duration patience) {
        Map<String, Object> config = adminSettings();
        int millis = Math.toIntExact(patience.toMillis());
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        return Admin.create(config);
    }

    /**
     * A durable, idempotent producer.
     *
     * @param patience within which each record is acknowledged or has failed
     */
    public Producer<byte[], byte[]> producer(Duration patience) {
        int millis = Math.toIntExact(patience.toMillis());
        Map<String, Object> config = only(ProducerConfig.configNames());
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.min(1000, millis));
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_OCTETS);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> only(Iterable<String> names) {
        Map<String, Object> chosen = new HashMap<>();
        names.forEach(name -> {
            if (settings.containsKey(name)) {
                chosen.put(name, settings.get(name));
            }
        });
        return chosen;
    }
}
