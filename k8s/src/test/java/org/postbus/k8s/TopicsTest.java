package org.postbus.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postbus.events.TopicSettings;
import org.postbus.events.Topics;

/** Topics are as the code wants them, and each service may do with them what it does. */
class TopicsTest {

    private static final Pattern USE = Pattern.compile("\\bTopics\\.([A-Z_]+)\\b");
    private final Manifests production = Manifests.of("production");

    @Test
    void everyTopicIsDeclaredAsTheServicesVerifyIt() {
        Map<String, JsonNode> declared = new HashMap<>();
        production.kind("KafkaTopic").forEach(topic -> declared.put(Manifests.name(topic), topic.path("spec")));
        assertEquals(Topics.ALL.stream().map(TopicSettings::name).collect(Collectors.toSet()), declared.keySet());
        for (TopicSettings topic : Topics.ALL) {
            JsonNode spec = declared.get(topic.name());
            assertEquals(topic.clusterPartitions(), spec.path("partitions").asInt(), topic.name());
            assertEquals(3, spec.path("replicas").asInt(), topic.name());
            assertEquals(topic.clusterConfig(), Manifests.labels(spec.path("config")), topic.name());
        }
    }

    @Test
    void theDevOverlayMakesThemForOneBroker() {
        Map<String, Map<String, String>> made = new TreeMap<>();
        Manifests.file("overlays/dev/create-topics.sh").lines().filter(line -> line.startsWith("topic ")).map(line -> line.split(" "))
                .forEach(words -> made.put(words[1], Arrays.stream(words).skip(2).map(word -> word.split("="))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]))));
        Map<String, Map<String, String>> wanted = new TreeMap<>();
        Topics.ALL.forEach(topic -> wanted.put(topic.name(), topic.standaloneConfig()));
        assertEquals(wanted, made);
        Manifests dev = Manifests.of("dev");
        dev.deployments().forEach(deployment -> assertEquals("1", dev.settings(deployment).get("POSTBUS_EVENTS_REPLICAS")));
        production.deployments().forEach(deployment -> assertFalse(production.settings(deployment).containsKey("POSTBUS_EVENTS_REPLICAS")));
    }

    @Test
    void theBrokersLoseNothingAndTakeWhatWeSend() {
        JsonNode config = production.the("Kafka", "postbus").at("/spec/kafka/config");
        assertFalse(config.path("auto.create.topics.enable").asBoolean(true) || config.path("unclean.leader.election.enable").asBoolean(true));
        assertEquals(2, config.path("min.insync.replicas").asInt());
        assertEquals(3, config.path("offsets.topic.replication.factor").asInt());
        assertEquals(Topics.MAX_RECORD_OCTETS, config.path("message.max.bytes").asInt());
        JsonNode listeners = production.the("Kafka", "postbus").at("/spec/kafka/listeners");
        assertEquals(1, listeners.size());
        assertTrue(listeners.at("/0/tls").asBoolean());
        assertEquals("scram-sha-512", listeners.at("/0/authentication/type").asText());
        production.kind("KafkaNodePool").forEach(pool -> assertEquals(3, pool.at("/spec/replicas").asInt()));
    }

    @Test
    void everyServiceMayUseTheTopicsOfItsCode_andNoOthers() throws Exception {
        Map<String, Set<String>> more = Map.of(
                // Replayed dead letters go back to where the other service's came from.
                "mailbox-service", Set.of(Topics.MAIL_ACCEPTED, Topics.MAIL_DIRECTORY),
                "delivery-service", Set.of(Topics.MAIL_DIRECTORY, Topics.DELIVERY_DEAD_LETTER),
                "smtp-gateway", Set.of(Topics.MAIL_DIRECTORY),
                "pop3-gateway", Set.of());
        for (String service : Manifests.SERVICES) {
            Set<String> used = new TreeSet<>(more.get(service));
            used.addAll(topicsInTheCode(service));
            Set<String> may = new TreeSet<>();
            acls(service, "topic").filter(acl -> operations(acl).stream().anyMatch(Set.of("Read", "Write")::contains))
                    .forEach(acl -> may.add(acl.at("/resource/name").asText()));
            assertEquals(used, may, service);
            Set<String> seen = acls(service, "topic").filter(acl -> operations(acl).containsAll(List.of("Describe", "DescribeConfigs")))
                    .map(acl -> acl.at("/resource/name").asText()).collect(Collectors.toSet());
            assertEquals(Topics.ALL.stream().map(TopicSettings::name).collect(Collectors.toSet()), seen, service + " verifies all topics");
        }
    }

    private static Set<String> topicsInTheCode(String service) throws IOException, ReflectiveOperationException {
        Set<String> topics = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("..", service, "src/main/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (String constant : USE.matcher(Files.readString(file)).results().map(found -> found.group(1)).toList()) {
                    if (Topics.class.getField(constant).get(null) instanceof String topic) {
                        topics.add(topic);
                    }
                }
            }
        }
        return topics;
    }

    /** Forged mail, directory entries and deletions cannot come from a service that has nothing to do with them. */
    @Test
    void onlyProducersMayWrite_andOnlyWhoTrimsMayDelete() {
        Map<String, Set<String>> writers = Map.of(
                Topics.MAIL_ACCEPTED, Set.of("smtp-gateway", "delivery-service", "mailbox-service"),
                Topics.MAIL_ROUTED, Set.of("delivery-service", "mailbox-service"),
                Topics.MAIL_FAILED, Set.of("mailbox-service"),
                Topics.MAILDROP_UPDATED, Set.of("pop3-gateway", "mailbox-service"),
                Topics.MAIL_DIRECTORY, Set.of("mailbox-service"),
                Topics.MAIL_TRAIL, Set.copyOf(Manifests.SERVICES),
                Topics.DELIVERY_DEAD_LETTER, Set.of("delivery-service"),
                Topics.MAILBOX_DEAD_LETTER, Set.of("mailbox-service"));
        writers.forEach((topic, services) -> assertEquals(services, who(topic, "Write"), topic));
        Map<String, Set<String>> trimmers = Map.of(
                Topics.MAIL_ACCEPTED, Set.of("delivery-service"), Topics.MAIL_FAILED, Set.of("delivery-service"),
                Topics.MAIL_ROUTED, Set.of("mailbox-service"), Topics.MAILDROP_UPDATED, Set.of("mailbox-service"),
                Topics.MAIL_TRAIL, Set.of("mailbox-service"));
        Topics.ALL.forEach(topic -> assertEquals(trimmers.getOrDefault(topic.name(), Set.of()), who(topic.name(), "Delete"), topic.name()));
        production.kind("KafkaUser").forEach(user -> assertFalse(user.toString().contains("\"All\"") || user.toString().contains("\"*\"")));
    }

    private Set<String> who(String topic, String operation) {
        return Manifests.SERVICES.stream().filter(service -> acls(service, "topic")
                .anyMatch(acl -> acl.at("/resource/name").asText().equals(topic) && operations(acl).contains(operation)))
                .collect(Collectors.toSet());
    }

    @Test
    void kedaCountsTheGroupsThatThereAre() {
        Set<String> groups = new TreeSet<>();
        production.kind("ScaledObject").flatMap(scaled -> Manifests.each(scaled.at("/spec/triggers")))
                .filter(trigger -> trigger.path("type").asText().equals("kafka")).map(trigger -> trigger.path("metadata")).forEach(kafka -> {
                    String group = kafka.path("consumerGroup").asText();
                    assertTrue(group.endsWith("." + kafka.path("topic").asText()), group);
                    assertTrue(Topics.ALL.stream().anyMatch(topic -> topic.name().equals(kafka.path("topic").asText())), group);
                    groups.add(group);
                });
        assertEquals(Set.of("delivery.mail.accepted", "delivery.mail.failed", "mailbox.mail.routed", "mailbox.maildrop.updated",
                "mailbox.mail.trail"), groups);
        for (String service : List.of("delivery", "mailbox")) {
            assertEquals(List.of(service + "."), acls(service + "-service", "group").map(acl -> acl.at("/resource/name").asText()).toList());
        }
    }

    @Test
    void eachServiceLogsInToKafkaAsItself() {
        production.deployments().forEach(deployment -> {
            JsonNode login = Manifests.each(Manifests.container(deployment).path("env"))
                    .filter(variable -> variable.path("name").asText().equals("KAFKA_SASL_JAAS_CONFIG")).findFirst().orElseThrow();
            assertEquals("postbus-" + Manifests.name(deployment), login.at("/valueFrom/secretKeyRef/name").asText());
        });
    }

    @Test
    void postgresHasEachCommitTwiceBeforeItIsAcknowledged() {
        JsonNode cluster = production.the("Cluster", "postbus-db").path("spec");
        assertEquals(3, cluster.path("instances").asInt());
        assertEquals("required", cluster.at("/postgresql/synchronous/dataDurability").asText());
        assertEquals(1, cluster.at("/postgresql/synchronous/number").asInt());
        assertFalse(cluster.path("enableSuperuserAccess").asBoolean(true));
    }

    private Stream<JsonNode> acls(String service, String type) {
        return Manifests.each(production.the("KafkaUser", "postbus-" + service).at("/spec/authorization/acls"))
                .filter(acl -> acl.at("/resource/type").asText().equals(type));
    }

    private static List<String> operations(JsonNode acl) {
        return Manifests.texts(acl.path("operations"));
    }
}
