package org.postbus.mailbox.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.postbus.mailbox.Api.admin;
import static org.postbus.mailbox.Api.createAccount;
import static org.postbus.mailbox.Api.createAlias;
import static org.postbus.mailbox.Api.freshDomain;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.events.DirectoryCodec;
import org.postbus.events.Topics;
import org.postbus.events.directory.DirectoryChange;
import org.postbus.events.directory.DirectoryEntry;
import org.postbus.mailbox.Servers;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class DirectoryTopicTest {

    @Test
    void tellsEveryChangeBeforeItIsAnswered() throws Exception {
        String domain = freshDomain();
        createAccount("a@" + domain, "canary-password").statusCode(201);
        assertTrue(about(domain).stream().anyMatch(change -> change.key().equals("address:a@" + domain)));
        createAlias("b@" + domain, "a@" + domain).statusCode(201);
        admin().body(Map.of("password", "canary-two", "enabled", true)).patch("/api/v1/accounts/a@" + domain).then().statusCode(200);
        admin().delete("/api/v1/aliases/b@" + domain).then().statusCode(204);
        admin().delete("/api/v1/accounts/a@" + domain).then().statusCode(204);
        admin().delete("/api/v1/domains/" + domain).then().statusCode(204);
        List<String> told = about(domain).stream().map(DirectoryTopicTest::describe).toList();
        assertEquals(List.of("put domain:" + domain, "put address:a@" + domain, "put domain:" + domain, "put address:b@" + domain,
                "deleted address:b@" + domain, "deleted address:a@" + domain, "put domain:" + domain,
                "deleted domain:" + domain), told);
    }

    @Test
    void anAddressCreatedAnewBeatsItsPredecessorsEnd() throws Exception {
        String domain = freshDomain();
        createAccount("keep@" + domain, "secret").statusCode(201);
        String first = createAccount("a@" + domain, "secret").extract().path("id");
        admin().delete("/api/v1/accounts/a@" + domain).then().statusCode(204);
        String second = createAccount("a@" + domain, "secret").statusCode(201).extract().path("id");
        List<DirectoryChange> changes = about("a@" + domain);
        assertEquals(3, changes.size());
        assertTrue(changes.get(0).version() < changes.get(1).version() && changes.get(1).version() < changes.get(2).version());
        DirectoryChange.Put last = assertInstanceOf(DirectoryChange.Put.class, changes.getLast());
        DirectoryEntry.Account account = assertInstanceOf(DirectoryEntry.Account.class, last.entry());
        assertEquals(second, account.accountId().toString());
        assertFalse(first.equals(second));
    }

    @Test
    void versionsOnlyGrowAndNoPasswordIsTold() throws Exception {
        String domain = freshDomain();
        createAccount("a@" + domain, "canary-password").statusCode(201);
        long last = -1;
        for (ConsumerRecord<byte[], byte[]> record : recordsAbout(domain)) {
            long version = DirectoryCodec.decode(record).version();
            assertTrue(version > last, version + " follows " + last);
            last = version;
            String value = record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8);
            assertFalse(value.contains("canary") || value.contains("argon2"), value);
        }
    }

    private static String describe(DirectoryChange change) {
        return switch (change) {
            case DirectoryChange.Put put -> "put " + put.key();
            case DirectoryChange.Deleted deleted -> "deleted " + deleted.key();
            case DirectoryChange.Rebuilding rebuilding -> rebuilding.key();
        };
    }

    private static List<DirectoryChange> about(String name) throws Exception {
        List<DirectoryChange> changes = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : recordsAbout(name)) {
            changes.add(DirectoryCodec.decode(record));
        }
        return changes;
    }

    private static List<ConsumerRecord<byte[], byte[]>> recordsAbout(String name) {
        return all().stream().filter(record -> new String(record.key(), StandardCharsets.UTF_8).endsWith(name)).toList();
    }

    /** What the topic says to its present end. */
    static List<ConsumerRecord<byte[], byte[]>> all() {
        TopicPartition partition = new TopicPartition(Topics.MAIL_DIRECTORY, 0);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Object> config = Map.of("bootstrap.servers", EmbeddedServers.forTests().bootstrapServers());
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
            }
        }
        return records;
    }
}
