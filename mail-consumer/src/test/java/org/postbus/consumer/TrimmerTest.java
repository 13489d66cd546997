package org.postbus.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class TrimmerTest {

    @Test
    void whatIsAppliedAndOldGoesAndNothingElse() throws Exception {
        try (Bench bench = new Bench()) {
            TopicPartition first = new TopicPartition(bench.topic, 0);
            bench.send(0, "one", "two", "three");
            bench.send(1, "never consumed");
            bench.execute("INSERT INTO position VALUES ('" + bench.topic + "', 0, 2, NULL)");
            try (Trimmer young = trimmer(bench, Duration.ofDays(7)); Trimmer old = trimmer(bench, Duration.ofSeconds(-60))) {
                assertEquals(Map.of(), young.trim());
                assertEquals(Map.of(first, 2L), old.trim());
                assertEquals(Map.of(), old.trim());
            }
            assertEquals(List.of("three"), bench.read(first).stream().map(Bench::word).toList());
            assertEquals(1, bench.read(new TopicPartition(bench.topic, 1)).size());
        }
    }

    @Test
    void oneInstanceLeads() throws Exception {
        try (Bench bench = new Bench(); var other = bench.dataSource.whole()) {
            bench.send(0, "one");
            bench.execute("INSERT INTO position VALUES ('" + bench.topic + "', 0, 1, NULL)");
            other.setAutoCommit(false);
            try (var statement = other.createStatement(); Trimmer trimmer = trimmer(bench, Duration.ofSeconds(-60))) {
                statement.execute("SELECT pg_advisory_xact_lock(hashtextextended('postbus." + bench.service + ".trimmer', 0))");
                assertEquals(Map.of(), trimmer.trim());
                other.rollback();
                assertEquals(1, trimmer.trim().size());
            }
        }
    }

    private static Trimmer trimmer(Bench bench, Duration keep) {
        return new Trimmer(bench.service, List.of(bench.topic), keep, bench.dataSource, bench.kafka);
    }
}
