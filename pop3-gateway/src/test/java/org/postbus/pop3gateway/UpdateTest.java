package org.postbus.pop3gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.postbus.events.FactCodec;
import org.postbus.events.MaildropUpdated;
import org.postbus.events.Topics;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailStep;
import org.postbus.protocol.pop3.TestMaildrop;

/** What QUIT promises, and what it refuses to promise. */
class UpdateTest {

    private static final String NAME = "a@pop3.test";
    private static final byte[] MAIL = "Subject: x\r\n\r\nhi\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String TEMPORARY = "-ERR [SYS/TEMP] the maildrop could not be updated";

    private final TestMaildrop maildrops = new TestMaildrop().account(NAME, "secret").add(NAME, MAIL).add(NAME, MAIL).add(NAME, MAIL);

    @Test
    void quitPublishesTheDeletionsAndTheTrail() throws Exception {
        try (Platform platform = Platform.start(maildrops, Map.of()); Log log = new Log()) {
            UUID session;
            try (Client client = new Client(platform)) {
                client.login(NAME);
                session = platform.mailbox.sessions().keySet().iterator().next();
                client.say("RETR 1");
                client.octets(MAIL.length + 3);
                client.say("DELE 1");
                client.say("DELE 3");
                assertEquals("+OK bye", client.say("QUIT"));
                assertEquals("<close>", client.line());
            }
            MaildropUpdated event = log.updates(1).getFirst();
            assertEquals(session, event.sessionId().orElseThrow());
            assertEquals(StubMailbox.accountId(NAME), event.accountId());
            assertEquals(List.of(mailId(1), mailId(3)), event.deleted());
            assertEquals("pop3", event.cause());
            assertTrue(platform.mailbox.released.isEmpty(), "the lock goes with the event");
            List<TrailEvent> trail = log.trail(2);
            assertEquals(Set.of(TrailStep.RETRIEVED, TrailStep.DELETED), trail.stream().map(TrailEvent::step).collect(Collectors.toSet()));
            TrailEvent retrieved = trail.stream().filter(told -> told.step() == TrailStep.RETRIEVED).findFirst().orElseThrow();
            assertEquals(List.of(mailId(1)), retrieved.mails());
            assertEquals(session, retrieved.sessionId().orElseThrow());
            assertEquals("127.0.0.1", retrieved.client());
            assertEquals(MAIL.length, retrieved.octets());
        }
    }

    /** What the name was may be a password at the wrong prompt. */
    @Test
    void refusedLoginsAreToldWithinTheirBudgetAndWithoutTheName() throws Exception {
        try (Platform platform = Platform.start(maildrops, Map.of("pop3.refusals-per-source", "2")); Log log = new Log()) {
            try (Client client = new Client(platform)) {
                for (int n = 0; n < 3; n++) {
                    client.say("USER canary");
                    assertTrue(client.say("PASS canary").startsWith("-ERR [AUTH] "));
                }
            }
            platform.gateway.shared().refusals().close();
            List<TrailEvent> trail = log.trail(3);
            assertTrue(trail.stream().allMatch(told -> told.step() == TrailStep.REFUSED && told.client().equals("127.0.0.1")));
            assertEquals(List.of("1 more refusals within a minute", "POP3: a login with a wrong name or password",
                    "POP3: a login with a wrong name or password"), trail.stream().map(TrailEvent::detail).sorted().toList());
            assertTrue(trail.stream().noneMatch(told -> told.toString().contains("canary")));
        }
    }

    @Test
    void quitWithoutDeletionsReleasesTheLockBeforeItAnswers() throws Exception {
        try (Platform platform = Platform.start(maildrops, Map.of())) {
            for (int i = 0; i < 3; i++) {
                try (Client client = new Client(platform)) {
                    assertEquals("+OK 3 messages (54 octets)", client.login(NAME));
                    client.say("DELE 1");
                    client.say("RSET");
                    assertEquals("+OK bye", client.say("QUIT"));
                }
            }
            assertEquals(3, platform.mailbox.released.size());
        }
    }

    @Test
    void withoutQuitNothingIsDeletedAndTheLockIsReleased() throws Exception {
        try (Platform platform = Platform.start(maildrops, Map.of()); Log log = new Log()) {
            try (Client client = new Client(platform)) {
                client.login(NAME);
                client.say("DELE 1");
            }
            Platform.until(() -> platform.mailbox.released.size() == 1);
            assertTrue(log.none());
        }
    }

    @Test
    void quitHoldsWhileMailboxServiceIsDown() throws Exception {
        try (Platform platform = Platform.start(maildrops, Map.of()); Log log = new Log(); Client client = new Client(platform)) {
            client.login(NAME);
            client.say("DELE 2");
            platform.mailbox.close();
            assertEquals("+OK bye", client.say("QUIT"));
            assertEquals(List.of(mailId(2)), log.updates(1).getFirst().deleted());
        }
    }

    @Test
    void quitIsRefusedWhereTheLeaseDoesNotOutlastTheProducer() throws Exception {
        try (Platform platform = Platform.start(maildrops, Map.of()); Log log = new Log(); Client client = new Client(platform)) {
            platform.mailbox.leaseSeconds = 9;
            client.login(NAME);
            client.say("DELE 2");
            assertEquals(TEMPORARY, client.say("QUIT"));
            assertTrue(log.none());
            Platform.until(() -> platform.mailbox.released.size() == 1);
        }
    }

    @Test
    void aFencedSessionDeletesNothing() throws Exception {
        try (Platform platform = Platform.start(maildrops, Map.of()); Log log = new Log(); Client client = new Client(platform)) {
            client.login(NAME);
            client.say("DELE 2");
            platform.mailbox.fencing = true;
            assertTrue(client.say("RETR 1").startsWith("-ERR [SYS/TEMP]"));
            assertEquals(TEMPORARY, client.say("QUIT"));
            assertTrue(log.none());
        }
    }

    @Test
    void aLostLeaseIsNoticedByItsRenewal() throws Exception {
        try (Platform platform = Platform.start(maildrops, Map.of()); Log log = new Log(); Client client = new Client(platform)) {
            platform.mailbox.leaseSeconds = 12;
            client.login(NAME);
            client.say("DELE 2");
            platform.mailbox.fencing = true;
            Platform.until(() -> platform.mailbox.renewalsRefused.get() > 0);
            assertEquals(TEMPORARY, client.say("QUIT"));
            assertTrue(log.none());
        }
    }

    @Test
    void withKafkaDownQuitIsRefusedAtOnceAndTheLockReleased() throws Exception {
        try (Platform platform = Platform.withoutKafka(maildrops); Client client = new Client(platform)) {
            client.login(NAME);
            client.say("DELE 2");
            long before = System.nanoTime();
            assertEquals(TEMPORARY, client.say("QUIT"));
            assertTrue(System.nanoTime() - before < 5_000_000_000L, "it took too long");
            Platform.until(() -> platform.mailbox.released.size() == 1);
        }
    }

    private UUID mailId(int number) {
        return maildrops.messages(NAME).get(number - 1).mailId();
    }

    /** What the gateway writes to the event log from now on. */
    private static final class Log implements AutoCloseable {
        private final KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", Platform.kafka(), "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer());
        private final List<MaildropUpdated> updates = new ArrayList<>();
        private final List<TrailEvent> trail = new ArrayList<>();

        Log() throws InterruptedException {
            List<TopicPartition> partitions = List.of(new TopicPartition(Topics.MAILDROP_UPDATED, 0),
                    new TopicPartition(Topics.MAILDROP_UPDATED, 1), new TopicPartition(Topics.MAIL_TRAIL, 0),
                    new TopicPartition(Topics.MAIL_TRAIL, 1));
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
        }

        List<MaildropUpdated> updates(int count) {
            Platform.until(() -> poll() && updates.size() >= count);
            return updates;
        }

        List<TrailEvent> trail(int count) {
            Platform.until(() -> poll() && trail.size() >= count);
            return trail;
        }

        boolean none() {
            poll();
            return updates.isEmpty();
        }

        private boolean poll() {
            try {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.topic().equals(Topics.MAIL_TRAIL)) {
                        trail.add(FactCodec.MAIL_TRAIL.decode(record));
                    } else {
                        updates.add(FactCodec.MAILDROP_UPDATED.decode(record));
                    }
                }
                return true;
            } catch (org.postbus.events.ContractViolation e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
