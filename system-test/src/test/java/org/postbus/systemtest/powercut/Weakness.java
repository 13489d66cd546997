package org.postbus.systemtest.powercut;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.postbus.events.TopicSettings;
import org.postbus.events.Topics;
import org.postbus.systemtest.RunningPlatform;

/** Takes from a running platform what its promises stand on, so that the check is seen to fail. */
final class Weakness {

    private static final int KAFKA_PORT = 2192;

    private Weakness() {}

    /** From now on Kafka acknowledges what it has not synced. */
    static void letKafkaNotSync(RunningPlatform platform) throws Exception {
        Collection<AlterConfigOp> never = List.of(new AlterConfigOp(
                new ConfigEntry("flush.messages", String.valueOf(Long.MAX_VALUE)), AlterConfigOp.OpType.SET));
        Map<ConfigResource, Collection<AlterConfigOp>> topics = new java.util.HashMap<>();
        Topics.ALL.stream().filter(TopicSettings::flushed)
                .forEach(topic -> topics.put(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), never));
        try (Admin admin = Admin.create(login(platform))) {
            admin.incrementalAlterConfigs(topics).all().get(30, TimeUnit.SECONDS);
        }
    }

    private static Map<String, Object> login(RunningPlatform platform) throws IOException {
        String password = Files.readString(platform.data().resolve("kafka/password")).strip();
        return new TreeMap<>(Map.of(
                "bootstrap.servers", "127.0.0.1:" + (KAFKA_PORT + platform.offset()),
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", "org.apache.kafka.common.security.plain.PlainLoginModule required"
                        + " username=\"postbus\" password=\"" + password + "\";"));
    }
}
