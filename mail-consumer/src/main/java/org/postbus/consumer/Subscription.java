package org.postbus.consumer;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.postbus.events.Topics;

/**
 * One topic that a service consumes.
 *
 * @param service its short name: {@code delivery}, {@code mailbox}
 * @param kafka   connection settings of the Kafka clients; keys that a consumer does not know are ignored
 * @param pace    how long a record may wait for company
 * @param mayLoseItsEnd whether a power cut may take records that were applied already, so that the topic goes on with
 *                others in their place; in any other topic that is a loss for which a human is needed
 */
public record Subscription(String service, String topic, Map<String, Object> kafka, Pace pace, boolean mayLoseItsEnd) {

    private static final int FETCH_OCTETS = 2 * Topics.MAX_RECORD_OCTETS;
    private static final int POLL_RECORDS = 500;

    public Subscription {
        kafka = Map.copyOf(kafka);
    }

    /** Only a topic that is not flushed may lose its end. */
    public Subscription(String service, String topic, Map<String, Object> kafka, Pace pace) {
        this(service, topic, kafka, pace,
                Topics.ALL.stream().anyMatch(known -> known.name().equals(topic) && !known.flushed()));
    }

    /** The consumer group: {@code <service>.<topic>}. */
    public String group() {
        return service + "." + topic;
    }

    /** Where the service's poison goes. */
    public String deadLetterTopic() {
        return service + ".dead-letter";
    }

    Map<String, Object> consumerConfig() {
        Map<String, Object> config = new HashMap<>();
        // A dead member holds its partitions for this long; one that wakes up later is harmless, so be quick.
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, group());
        config.putAll(kafka);
        config.keySet().retainAll(ConsumerConfig.configNames());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group());
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_OCTETS);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Topics.MAX_RECORD_OCTETS);
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return config;
    }
}
