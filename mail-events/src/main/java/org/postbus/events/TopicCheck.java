package org.postbus.events;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics on a single broker, and refuses to run on topics that could lose accepted mail. */
public final class TopicCheck {

    private static final int TIMEOUT_SECONDS = 30;
    /** Of a single broker that several replicas of a service share. */
    private static final int PARTITIONS = 2;
    private static final Set<String> MAY_BE_MORE = Set.of("max.message.bytes", "min.insync.replicas", "delete.retention.ms");

    private TopicCheck() {
    }

    /** Creates what is missing, for a single broker; changes nothing that exists. */
    public static void createStandalone(Admin admin) throws InterruptedException {
        for (TopicSettings topic : Topics.ALL) {
            int partitions = Math.min(topic.clusterPartitions(), PARTITIONS);
            NewTopic wanted = new NewTopic(topic.name(), partitions, (short) 1).configs(topic.standaloneConfig());
            try {
                admin.createTopics(List.of(wanted)).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw new KafkaException("cannot create the topic " + topic.name(), e.getCause());
                }
            } catch (TimeoutException e) {
                throw new KafkaException("Kafka did not create the topic " + topic.name() + " in time", e);
            }
        }
    }

    /**
     * What is wrong with the topics, one line each; empty if mail is safe on them.
     *
     * @param replication replicas that each partition must have at least; 1 on one machine, 3 in a cluster
     * @throws KafkaException if Kafka does not answer
     */
    public static List<String> weaknesses(Admin admin, int replication) throws InterruptedException {
        List<String> names = Topics.ALL.stream().map(TopicSettings::name).toList();
        List<String> found = new ArrayList<>();
        try {
            Collection<String> existing = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            names.stream().filter(name -> !existing.contains(name)).forEach(name -> found.add("topic " + name + " does not exist"));
            List<String> there = names.stream().filter(existing::contains).toList();
            admin.describeTopics(there).allTopicNames().get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .values().forEach(topic -> replicas(topic, replication, found));
            List<ConfigResource> resources = there.stream()
                    .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
            admin.describeConfigs(resources).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .forEach((resource, config) -> settings(resource.name(), config, replication, found));
            return found;
        } catch (ExecutionException e) {
            throw new KafkaException("cannot read the topics", e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("Kafka did not describe the topics in time", e);
        }
    }

    private static void replicas(TopicDescription topic, int replication, List<String> found) {
        int fewest = topic.partitions().stream().mapToInt(partition -> partition.replicas().size()).min().orElse(0);
        if (fewest < replication) {
            found.add("topic " + topic.name() + " has " + fewest + " replicas, not " + replication);
        }
    }

    private static void settings(String topic, Config config, int replication, List<String> found) {
        TopicSettings wanted = Topics.ALL.stream().filter(settings -> settings.name().equals(topic)).findFirst().orElseThrow();
        Map<String, String> required = replication > 1 ? wanted.clusterConfig() : wanted.standaloneConfig();
        required.forEach((key, value) -> {
            String actual = config.get(key) == null ? "unset" : config.get(key).value();
            if (!atLeast(key, actual, value)) {
                found.add("topic " + topic + " has " + key + "=" + actual + ", not " + value);
            }
        });
    }

    private static boolean atLeast(String key, String actual, String wanted) {
        return MAY_BE_MORE.contains(key) && actual.matches("\\d+")
                ? Long.parseLong(actual) >= Long.parseLong(wanted)
                : actual.equals(wanted);
    }
}
