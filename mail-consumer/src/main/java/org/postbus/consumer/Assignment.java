package org.postbus.consumer;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions that the group gave to this instance. Each is in one of three states: it waits for its stored
 * position, it runs from there, or it is stalled because the log no longer holds what comes next. Only running
 * partitions are fetched. Belongs to the thread of its poll loop.
 */
final class Assignment implements ConsumerRebalanceListener {

    private static final Duration BROKER_ANSWERS_WITHIN = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final DataSource dataSource;
    private final Set<TopicPartition> waiting = new HashSet<>();
    private final Map<TopicPartition, Position> running = new HashMap<>();
    private final Map<TopicPartition, String> stalled = new HashMap<>();
    private final boolean mayLoseItsEnd;
    /** Where partitions end that lost records, before new ones took their offsets. */
    private final Map<TopicPartition, Position> lostEnds = new HashMap<>();
    private final java.util.function.Consumer<Collection<TopicPartition>> onLoss;

    /** @param onLoss told of partitions that are gone, so that records of theirs in hand are dropped */
    Assignment(Consumer<byte[], byte[]> consumer, DataSource dataSource, boolean mayLoseItsEnd,
            java.util.function.Consumer<Collection<TopicPartition>> onLoss) {
        this.consumer = consumer;
        this.dataSource = dataSource;
        this.mayLoseItsEnd = mayLoseItsEnd;
        this.onLoss = onLoss;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        partitions.forEach(this::hold);
        waiting.addAll(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        waiting.removeAll(partitions);
        running.keySet().removeAll(partitions);
        stalled.keySet().removeAll(partitions);
        lostEnds.keySet().removeAll(partitions);
        onLoss.accept(partitions);
    }

    /** Positions all that wait; on failure they go on waiting. */
    void position() throws SQLException, PositionMoved {
        if (!waiting.isEmpty()) {
            position(Set.copyOf(waiting));
        }
    }

    /** Takes the stored positions again: another instance, or a restored database, has others. */
    void reposition() {
        running.keySet().forEach(this::hold);
        waiting.addAll(running.keySet());
        onLoss.accept(Set.copyOf(running.keySet()));
        running.clear();
    }

    /**
     * Compares with what is stored, for a database that was restored while nothing came to apply, and gives
     * stalled partitions another chance, for a position that an operator set.
     */
    void verify(String topic) throws SQLException, PositionMoved {
        if (!stalled.isEmpty()) {
            position(Set.copyOf(stalled.keySet()));
        }
        if (running.isEmpty()) {
            return;
        }
        Map<Integer, Position> stored = stored(topic);
        for (var entry : running.entrySet()) {
            Position now = stored.get(entry.getKey().partition());
            if (now == null || now.nextOffset() != entry.getValue().nextOffset()) {
                throw new PositionMoved(topic, entry.getKey().partition(), entry.getValue().nextOffset());
            }
        }
    }

    /** The log no longer holds what comes next, or holds something else. */
    void outOfRange(OffsetOutOfRangeException loss) {
        Map<TopicPartition, OffsetAndMetadata> ends =
                loss instanceof LogTruncationException truncation ? truncation.divergentOffsets() : Map.of();
        for (TopicPartition partition : loss.partitions()) {
            if (mayLoseItsEnd && ends.containsKey(partition)) {
                OffsetAndMetadata end = ends.get(partition);
                lostEnds.put(partition, new Position(end.offset(), end.leaderEpoch()));
                hold(partition);
                running.remove(partition);
                waiting.add(partition);
                onLoss.accept(Set.of(partition));
            } else {
                stall(partition, loss.getMessage());
            }
        }
    }

    /** Stops one partition for good, loudly; the others go on. */
    private void stall(TopicPartition partition, String why) {
        hold(partition);
        waiting.remove(partition);
        running.remove(partition);
        if (stalled.put(partition, why) == null) {
            PollLoop.LOG.errorf("DATA LOSS: %s is stopped: %s. Its log or its stored position was tampered with or "
                    + "restored; see the operations guide before you set the position by hand", partition, why);
        }
        onLoss.accept(Set.of(partition));
    }

    void advanced(Map<TopicPartition, Position> next) {
        running.putAll(next);
    }

    void pauseAll() {
        consumer.pause(consumer.assignment());
    }

    void resumeRunning() {
        consumer.resume(running.keySet());
    }

    Map<TopicPartition, Position> running() {
        return running;
    }

    Map<Integer, Long> applied() {
        Map<Integer, Long> applied = new TreeMap<>();
        running.forEach((partition, position) -> applied.put(partition.partition(), position.nextOffset()));
        return applied;
    }

    Map<Integer, String> stalled() {
        Map<Integer, String> why = new TreeMap<>();
        stalled.forEach((partition, reason) -> why.put(partition.partition(), reason));
        return why;
    }

    /** Written and not applied, by the end offsets that the broker tells now. */
    Map<TopicPartition, Long> ends() {
        return running.isEmpty() ? Map.of() : consumer.endOffsets(running.keySet(), BROKER_ANSWERS_WITHIN);
    }

    /** Without any fetch position Kafka would look for a committed offset, and fail where there is none. */
    private void hold(TopicPartition partition) {
        consumer.seek(partition, 0);
        consumer.pause(List.of(partition));
    }

    private void position(Set<TopicPartition> partitions) throws SQLException, PositionMoved {
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, BROKER_ANSWERS_WITHIN);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, BROKER_ANSWERS_WITHIN);
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(true);
            for (TopicPartition partition : partitions) {
                goBack(connection, partition);
                seek(partition, storedOrFirst(connection, partition, begins.get(partition)),
                        begins.get(partition), ends.get(partition));
            }
        }
    }

    private void goBack(Connection connection, TopicPartition partition) throws SQLException, PositionMoved {
        Position end = lostEnds.remove(partition);
        Optional<Position> stored = Positions.read(connection, partition.topic(), partition.partition());
        if (end != null && stored.isPresent() && stored.get().nextOffset() > end.nextOffset()) {
            PollLoop.LOG.warnf("%s lost its end, as it may in a power cut; going on from offset %d instead of %d",
                    partition, end.nextOffset(), stored.get().nextOffset());
            Positions.advance(connection, partition.topic(), partition.partition(), stored.get().nextOffset(), end);
        }
    }

    private void seek(TopicPartition partition, Position position, long begin, long end) {
        long next = position.nextOffset();
        // The consumer compares the epoch with the log, and tells where the two part.
        boolean willBeCompared = mayLoseItsEnd && position.leaderEpoch().isPresent();
        if (next < begin || (next > end && !willBeCompared)) {
            stall(partition, "the stored position is " + next + ", the log holds " + begin + " to " + end);
            return;
        }
        waiting.remove(partition);
        stalled.remove(partition);
        // With the epoch, a log that was truncated and has grown again is told from the one that was read.
        consumer.seek(partition, new OffsetAndMetadata(next, position.leaderEpoch(), ""));
        running.put(partition, position);
    }

    private static Position storedOrFirst(Connection connection, TopicPartition partition, long begin) throws SQLException {
        Optional<Position> stored = Positions.read(connection, partition.topic(), partition.partition());
        if (stored.isPresent()) {
            return stored.get();
        }
        Positions.insert(connection, partition.topic(), partition.partition(), begin);
        return Positions.read(connection, partition.topic(), partition.partition())
                .orElseThrow(() -> new SQLException("the position just stored is gone"));
    }

    private Map<Integer, Position> stored(String topic) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return Positions.readAll(connection, topic);
        }
    }
}
