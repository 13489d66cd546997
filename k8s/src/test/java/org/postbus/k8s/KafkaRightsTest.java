package org.postbus.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.postbus.consumer.EventProducer;
import org.postbus.events.TopicCheck;
import org.postbus.events.TopicSettings;
import org.postbus.events.Topics;

/** The rights of the KafkaUsers, given to users of a real broker: with them each service can do what it does, and no more. */
class KafkaRightsTest {

    static final List<String> SERVICES = Manifests.SERVICES;
    private static final Manifests PRODUCTION = Manifests.of("production");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private static Path folder;
    private static GuardedKafka kafka;

    @BeforeAll
    static void start() throws Exception {
        List<JsonNode> users = PRODUCTION.kind("KafkaUser").toList();
        kafka = GuardedKafka.start(folder.resolve("kafka"), users.stream().map(Manifests::name).toList());
        try (Admin admin = kafka.admin()) {
            TopicCheck.createStandalone(admin);
            GuardedKafka.await(admin.createAcls(users.stream().flatMap(KafkaRightsTest::bindings).toList()).all());
        }
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    /** As Strimzi's user operator makes them. */
    private static Stream<AclBinding> bindings(JsonNode user) {
        return Manifests.each(user.at("/spec/authorization/acls")).flatMap(acl -> Manifests.texts(acl.path("operations")).stream()
                .map(operation -> new AclBinding(resource(acl.path("resource")), new AccessControlEntry("User:" + Manifests.name(user), "*",
                        AclOperation.fromString(operation.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT)),
                        AclPermissionType.ALLOW))));
    }

    private static ResourcePattern resource(JsonNode resource) {
        return switch (resource.path("type").asText()) {
            case "cluster" -> new ResourcePattern(ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL);
            case "topic" -> new ResourcePattern(ResourceType.TOPIC, resource.path("name").asText(), pattern(resource));
            case "group" -> new ResourcePattern(ResourceType.GROUP, resource.path("name").asText(), pattern(resource));
            default -> throw new AssertionError(resource);
        };
    }

    private static PatternType pattern(JsonNode resource) {
        return resource.path("patternType").asText().equals("prefix") ? PatternType.PREFIXED : PatternType.LITERAL;
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void aServiceVerifiesAllTopics(String service) throws Exception {
        try (Admin admin = Admin.create(kafka.as("postbus-" + service))) {
            assertEquals(List.of(), TopicCheck.weaknesses(admin, 1));
        }
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void aServiceWritesWhereItMayAndNowhereElse(String service) {
        for (TopicSettings topic : Topics.ALL) {
            boolean may = allowed(service, topic.name(), "Write");
            // One for each: a refusal stays with a producer.
            try (EventProducer producer = new EventProducer(service, kafka.as("postbus-" + service))) {
                var sent = producer.send(new ProducerRecord<>(topic.name(), 0, "key".getBytes(), "value".getBytes()))
                        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                if (may) {
                    sent.join();
                } else {
                    var refused = assertThrows(CompletionException.class, sent::join, () -> service + " wrote to " + topic.name());
                    assertTrue(causes(refused).anyMatch(AuthorizationException.class::isInstance), refused::toString);
                }
            }
        }
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void aServiceReadsWhereItMayAndNowhereElse(String service) {
        for (TopicSettings topic : Topics.ALL) {
            TopicPartition partition = new TopicPartition(topic.name(), 0);
            try (KafkaConsumer<byte[], byte[]> reader = reader(service, Map.of())) {
                reader.assign(List.of(partition));
                reader.seek(partition, 0);
                if (allowed(service, topic.name(), "Read")) {
                    reader.endOffsets(List.of(partition), PATIENCE);
                    reader.poll(Duration.ofMillis(100));
                } else {
                    assertThrows(AuthorizationException.class, () -> reader.poll(PATIENCE), () -> service + " read " + topic.name());
                }
            }
        }
    }

    private static KafkaConsumer<byte[], byte[]> reader(String service, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(kafka.as("postbus-" + service));
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", false);
        settings.putAll(more);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Test
    void aConsumerJoinsItsGroupsAndNobodyElses() throws Exception {
        Map<String, String> groups = Map.of("delivery." + Topics.MAIL_ACCEPTED, "delivery-service",
                "mailbox." + Topics.MAILBOX_DEAD_LETTER, "mailbox-service");
        for (var group : groups.entrySet()) {
            String topic = group.getKey().substring(group.getKey().indexOf('.') + 1);
            try (KafkaConsumer<byte[], byte[]> member = reader(group.getValue(), Map.of("group.id", group.getKey()))) {
                member.subscribe(List.of(topic));
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (member.assignment().isEmpty() && System.nanoTime() < deadline) {
                    member.poll(Duration.ofMillis(200));
                }
                assertFalse(member.assignment().isEmpty(), group::getKey);
                member.commitSync(PATIENCE);
            }
        }
        try (KafkaConsumer<byte[], byte[]> stranger = reader("mailbox-service", Map.of("group.id", "delivery.mail.trail"))) {
            stranger.subscribe(List.of(Topics.MAIL_TRAIL));
            assertThrows(AuthorizationException.class, () -> stranger.poll(PATIENCE));
        }
        kedaSeesTheLag(groups.keySet().iterator().next());
    }

    private static void kedaSeesTheLag(String group) throws Exception {
        TopicPartition partition = new TopicPartition(Topics.MAIL_ACCEPTED, 0);
        try (Admin keda = Admin.create(kafka.as("postbus-keda"))) {
            GuardedKafka.await(keda.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
            GuardedKafka.await(keda.listOffsets(Map.of(partition, OffsetSpec.latest())).all());
        }
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void aServiceTrimsWhereItMayAndNowhereElse(String service) throws Exception {
        List<String> trimmed = new ArrayList<>();
        List<String> wanted = Topics.ALL.stream().map(TopicSettings::name).filter(topic -> allowed(service, topic, "Delete")).toList();
        try (Admin admin = Admin.create(kafka.as("postbus-" + service))) {
            for (TopicSettings topic : Topics.ALL) {
                try {
                    GuardedKafka.await(admin.deleteRecords(Map.of(new TopicPartition(topic.name(), 0), RecordsToDelete.beforeOffset(0))).all());
                    trimmed.add(topic.name());
                } catch (ExecutionException e) {
                    // A compacted topic refuses for another reason, whoever asks.
                    assertInstanceOf(KafkaException.class, e.getCause());
                }
            }
        }
        assertEquals(wanted, trimmed);
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void theMxAloneSeesTheBrokersDisks(String service) throws Exception {
        try (Admin admin = Admin.create(kafka.as("postbus-" + service))) {
            var disks = admin.describeLogDirs(List.of(1)).descriptions().get(1);
            if (service.equals("smtp-gateway")) {
                assertEquals(Set.of(folder.resolve("kafka").toString()), GuardedKafka.await(disks).keySet());
            } else {
                assertInstanceOf(AuthorizationException.class, assertThrows(ExecutionException.class, disks::get).getCause());
            }
        }
    }

    private static boolean allowed(String service, String topic, String operation) {
        return Manifests.each(PRODUCTION.the("KafkaUser", "postbus-" + service).at("/spec/authorization/acls"))
                .anyMatch(acl -> acl.at("/resource/name").asText().equals(topic) && acl.at("/resource/type").asText().equals("topic")
                        && Manifests.texts(acl.path("operations")).contains(operation));
    }
}
