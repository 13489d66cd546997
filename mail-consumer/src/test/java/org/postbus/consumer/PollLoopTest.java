package org.postbus.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.events.ContractViolation;
import org.postbus.events.TopicSettings;
import org.postbus.events.Topics;

class PollLoopTest {

    private Bench bench;

    @BeforeEach
    void begin() throws Exception {
        bench = new Bench();
    }

    @AfterEach
    void end() {
        bench.close();
    }

    @Test
    void everyRecordHasOneEffectOverRestartsAndWithTwoInstances() throws Exception {
        String[] words = IntStream.range(0, 400).mapToObj(n -> "word" + n).toArray(String[]::new);
        PollLoop other = bench.loop(Bench::writeWords);
        for (int n = 0; n < words.length; n += 80) {
            PollLoop brief = bench.loop(Bench::writeWords);
            bench.send(0, java.util.Arrays.copyOfRange(words, n, n + 80));
            bench.send(1, java.util.Arrays.copyOfRange(words, n, n + 80));
            brief.close();
        }
        Bench.await("all applied", () -> bench.effects(0).size() >= 400 && bench.effects(1).size() >= 400);
        other.close();
        assertEquals(List.of(words), bench.effects(0));
        assertEquals(List.of(words), bench.effects(1));
    }

    @Test
    void aBatchThatFailsAfterItsEffectsLeavesNone() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        bench.send(0, "one", "two");
        bench.loop((connection, records) -> {
            Bench.writeWords(connection, records);
            if (attempts.incrementAndGet() < 3) {
                throw new InfrastructureFailure("not acknowledged, says the test");
            }
        });
        Bench.await("applied", () -> !bench.effects(0).isEmpty());
        assertEquals(List.of("one", "two"), bench.effects(0));
        assertEquals(List.of(), bench.deadLetters());
    }

    @Test
    void aConnectionCutBetweenCommitAndItsReplyDoesNotRepeatTheEffect() throws Exception {
        bench.dataSource.commitsWithoutReply.set(1);
        PollLoop loop = bench.loop(Bench::writeWords);
        bench.send(0, "one", "two");
        Bench.await("the cut", () -> bench.dataSource.commitsWithoutReply.get() == 0 && loop.status().healthy());
        bench.send(0, "three");
        Bench.await("the third", () -> bench.effects(0).contains("three"));
        assertEquals(List.of("one", "two", "three"), bench.effects(0));
    }

    @Test
    void aServerThatEndsTheSessionBeforeTheCommitLeavesOneEffect() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        bench.send(0, "one", "two");
        bench.loop((connection, records) -> {
            Bench.writeWords(connection, records);
            if (attempts.getAndIncrement() == 0) {
                try (var statement = connection.createStatement()) {
                    statement.execute("SELECT pg_terminate_backend(pg_backend_pid())");
                }
            }
        });
        Bench.await("both", () -> bench.effects(0).size() >= 2);
        assertEquals(List.of("one", "two"), bench.effects(0));
        assertEquals(List.of(), bench.deadLetters());
    }

    @Test
    void poisonGoesToTheDeadLettersAlone() throws Exception {
        bench.send(0, "one", "poison", "two", "refused", "three", "bug", "four");
        bench.loop(PollLoopTest::writeWordsWithoutPoison);
        Bench.await("applied", () -> bench.effects(0).size() == 4);
        assertEquals(List.of("one", "two", "three", "four"), bench.effects(0));

        List<ConsumerRecord<byte[], byte[]>> letters = bench.deadLetters();
        assertEquals(List.of("poison", "refused", "bug"), letters.stream().map(Bench::word).toList());
        ConsumerRecord<byte[], byte[]> first = letters.getFirst();
        assertEquals("poison", new String(first.key(), StandardCharsets.UTF_8));
        assertEquals("not a word", header(first, "dead-letter-reason"));
        assertEquals(bench.topic, header(first, "dead-letter-topic"));
        assertEquals("0", header(first, "dead-letter-partition"));
        assertEquals("1", header(first, "dead-letter-offset"));
        assertTrue(Instant.parse(header(first, "dead-letter-time")).isBefore(Instant.now().plusSeconds(1)));
        assertEquals(3, bench.meters.counter("postbus.consumer.dead.letters", "group", bench.service + "." + bench.topic,
                "topic", bench.topic).count());
    }

    @Test
    void aDatabaseThatIsAwayIsWaitedOut() throws Exception {
        PollLoop loop = bench.loop(Bench::writeWords);
        bench.send(0, "one");
        Bench.await("the first", () -> bench.effects(0).size() == 1);

        bench.dataSource.broken = true;
        bench.send(0, "two");
        Bench.await("trouble", () -> loop.status().trouble().isPresent());
        assertTrue(loop.status().lagAge(Instant.now().plusSeconds(60)).toSeconds() >= 59);
        bench.dataSource.broken = false;

        Bench.await("the second", () -> bench.effects(0).size() == 2);
        Bench.await("no more trouble", () -> loop.status().healthy());
        assertEquals(List.of(), bench.deadLetters());
    }

    @Test
    void aDatabaseThatIsAwayAtTheStartIsWaitedOut() throws Exception {
        bench.dataSource.broken = true;
        bench.send(0, "one");
        PollLoop loop = bench.loop(Bench::writeWords);
        Bench.await("trouble", () -> loop.status().trouble().filter(why -> why.contains("refused")).isPresent());
        bench.dataSource.broken = false;
        Bench.await("applied", () -> bench.effects(0).equals(List.of("one")));
    }

    @Test
    void aZombieWithAStalePositionHasNoEffect() throws Exception {
        PollLoop zombie = bench.loop(Bench::writeWords);
        bench.send(0, "one");
        Bench.await("the first", () -> bench.effects(0).size() == 1);
        bench.dataSource.broken = true;
        bench.send(0, "two");
        Bench.await("the second in hand", () -> zombie.status().oldest().isPresent());
        // While this one sleeps, another instance applies the second record.
        bench.execute("UPDATE position SET next_offset = 2 WHERE next_offset = 1");
        bench.dataSource.broken = false;
        bench.send(0, "three");
        Bench.await("the third", () -> bench.effects(0).contains("three"));
        assertEquals(List.of("one", "three"), bench.effects(0));
    }

    @Test
    void aRestoredDatabaseCatchesUpByItself() throws Exception {
        bench.loop(Bench::writeWords);
        bench.send(1, "one", "two");
        Bench.await("both", () -> bench.effects(1).size() == 2);
        bench.execute("TRUNCATE effect; UPDATE position SET next_offset = 0");
        Bench.await("both again, without any new record", () -> bench.effects(1).size() == 2);
        assertEquals(List.of("one", "two"), bench.effects(1));
    }

    @Test
    void aPositionBeyondTheLogStopsItsPartitionAlone() throws Exception {
        bench.execute("INSERT INTO position VALUES ('" + bench.topic + "', 0, 77, NULL)");
        bench.send(0, "lost");
        bench.send(1, "found");
        PollLoop loop = bench.loop(Bench::writeWords);
        Bench.await("the other partition", () -> bench.effects(1).equals(List.of("found")));
        Bench.await("the stall", () -> loop.status().stalled().containsKey(0));
        assertEquals(List.of(), bench.effects(0));
        assertTrue(!loop.status().healthy());

        bench.execute("UPDATE position SET next_offset = 0 WHERE partition = 0");
        Bench.await("the operator's position to count", () -> bench.effects(0).equals(List.of("lost")));
    }

    @Test
    void anEpochThatTheLogDoesNotKnowIsATruncatedLog() throws Exception {
        bench.send(0, "one", "two");
        bench.execute("INSERT INTO position VALUES ('" + bench.topic + "', 0, 1, 77)");
        PollLoop loop = bench.loop(Bench::writeWords);
        Bench.await("the stall", () -> loop.status().stalled().containsKey(0));
        assertEquals(List.of(), bench.effects(0));
    }

    @Test
    void aTopicThatMayLoseItsEndGoesOnFromWhereTheLogEndsNow() throws Exception {
        bench.send(0, "one", "two");
        bench.execute("INSERT INTO position VALUES ('" + bench.topic + "', 0, 77, 0)");
        PollLoop loop = bench.loop(
                new Subscription(bench.service, bench.topic, bench.kafka, Pace.PROMPT, true), Bench::writeWords);
        Bench.await("the end of the log", () -> Long.valueOf(2).equals(loop.status().applied().get(0)));
        bench.send(0, "three");
        Bench.await("what came after the loss", () -> bench.effects(0).equals(List.of("three")));
        assertTrue(loop.status().healthy());
    }

    @Test
    void onlyTheTrailMayLoseItsEnd() {
        List<String> mayLose = Topics.ALL.stream().map(TopicSettings::name)
                .filter(topic -> new Subscription("any", topic, Map.of(), Pace.PROMPT).mayLoseItsEnd()).toList();
        assertEquals(List.of(Topics.MAIL_TRAIL), mayLose);
    }

    /** Else the new one would wait until the group gives the dead one up. */
    @Test
    void anInstanceWithAnIdTakesOverFromItsDeadSelfAtOnce() throws Exception {
        Map<String, Object> kafka = new HashMap<>(bench.kafka);
        kafka.put("group.instance.id", "the-only-one");
        Subscription subscription = new Subscription(bench.service, bench.topic, kafka, Pace.PROMPT);
        try (var dead = new KafkaConsumer<byte[], byte[]>(subscription.consumerConfig())) {
            dead.subscribe(List.of(bench.topic), new HeldPartitions(dead));
            Bench.await("the assignment", () -> dead.poll(Duration.ofMillis(100)).isEmpty() && dead.assignment().size() == 2);
            bench.send(0, "one");
            bench.loop(subscription, Bench::writeWords);
            Bench.await("the record, well before the dead one is given up", () -> bench.effects(0).equals(List.of("one")));
        }
    }

    /** Holds what it is given and reads nothing. */
    private record HeldPartitions(KafkaConsumer<byte[], byte[]> consumer) implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> consumer.seek(partition, 0));
            consumer.pause(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // Nothing was read.
        }
    }

    @Test
    void offsetsAreToldToKafka() throws Exception {
        bench.send(0, "one", "two");
        PollLoop loop = bench.loop(Bench::writeWords);
        Bench.await("applied", () -> bench.effects(0).size() == 2);
        loop.close();
        try (var admin = org.apache.kafka.clients.admin.Admin.create(bench.kafka)) {
            var offsets = admin.listConsumerGroupOffsets(bench.service + "." + bench.topic).partitionsToOffsetAndMetadata().get();
            assertEquals(2, offsets.get(new TopicPartition(bench.topic, 0)).offset());
        }
    }

    private static void writeWordsWithoutPoison(Connection connection, List<ConsumerRecord<byte[], byte[]>> records)
            throws ContractViolation, java.sql.SQLException {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (Bench.word(record).equals("poison")) {
                throw new ContractViolation("not a word");
            }
            if (Bench.word(record).equals("bug")) {
                throw new IllegalStateException("a bug, says the test");
            }
        }
        Bench.writeWords(connection, records);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
