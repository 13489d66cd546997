package org.postbus.delivery;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** The settings {@code kafka.*}, of which each kind of client gets those it knows. */
record KafkaSettings(Map<String, Object> all) {

    Map<String, Object> consumer() {
        return only(ConsumerConfig.configNames());
    }

    Map<String, Object> admin() {
        return only(AdminClientConfig.configNames());
    }

    /** The name under which no other process runs at a time; empty where instances come and go. */
    String instance() {
        return String.valueOf(all.getOrDefault(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, ""));
    }

    private Map<String, Object> only(Set<String> names) {
        Map<String, Object> chosen = new HashMap<>(all);
        chosen.keySet().retainAll(names);
        return chosen;
    }
}
