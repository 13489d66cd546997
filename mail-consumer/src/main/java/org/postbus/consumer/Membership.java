package org.postbus.consumer;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.postbus.events.ContractViolation;
import org.postbus.events.FaultPoint;

/** One Kafka consumer's life in the group: poll, apply, and wait out what is not there. Has one thread. */
final class Membership {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final long VERIFY_EACH = Duration.ofSeconds(5).toNanos();
    private static final long TELL_EACH = Duration.ofSeconds(1).toNanos();

    private final Subscription subscription;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final BatchHandler handler;
    private final BatchTransactions transactions;
    private final DeadLetters deadLetters;
    private final ConsumerMetrics metrics;
    private final Consumer<LoopStatus> publish;
    private final Assignment assignment;
    private final Backoff backoff = new Backoff(System::nanoTime);
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private Map<TopicPartition, OffsetAndMetadata> told = Map.of();
    private List<ConsumerRecord<byte[], byte[]>> inHand = new ArrayList<>();
    private Optional<String> trouble = Optional.empty();
    private long verifiedAt = System.nanoTime();
    private long toldAt = System.nanoTime() - TELL_EACH;

    Membership(Subscription subscription, KafkaConsumer<byte[], byte[]> consumer, DataSource dataSource,
            BatchHandler handler, DeadLetters deadLetters, ConsumerMetrics metrics, Consumer<LoopStatus> publish) {
        this.subscription = subscription;
        this.consumer = consumer;
        this.handler = handler;
        this.transactions = new BatchTransactions(dataSource);
        this.deadLetters = deadLetters;
        this.metrics = metrics;
        this.publish = publish;
        this.assignment = new Assignment(consumer, dataSource, subscription.mayLoseItsEnd(), this::drop);
    }

    /** Returns, or is woken, when {@code closing} is true and the batch in hand is finished. */
    void run(BooleanSupplier closing) {
        consumer.subscribe(List.of(subscription.topic()), assignment);
        try {
            while (!closing.getAsBoolean()) {
                poll(POLL);
                if (backoff.due()) {
                    gather();
                    turn();
                }
                if (System.nanoTime() - toldAt > TELL_EACH) {
                    tellKafka();
                }
                publish.accept(status());
            }
        } finally {
            tellKafka();
        }
    }

    /** Polls even when every partition is paused: it is what keeps the membership alive. */
    private void poll(Duration atMost) {
        try {
            consumer.poll(atMost).forEach(inHand::add);
        } catch (OffsetOutOfRangeException e) {
            assignment.outOfRange(e);
        }
    }

    /** The broker answers a fetch with the first record that comes, so the wait for more is here. */
    private void gather() {
        long octets = inHand.stream().mapToLong(ConsumerRecord::serializedValueSize).sum();
        Duration wait = subscription.pace().gather(octets);
        if (!inHand.isEmpty() && wait.isPositive()) {
            LockSupport.parkNanos(wait.toNanos());
            poll(Duration.ZERO);
        }
    }

    private void turn() {
        try {
            assignment.position();
            if (!inHand.isEmpty()) {
                applyInHand();
            }
            verifyNowAndThen();
            assignment.resumeRunning();
            backoff.succeeded();
            trouble = Optional.empty();
        } catch (PositionMoved e) {
            PollLoop.LOG.warnf("%s: %s; going on from the stored one", subscription.group(), e.getMessage());
            assignment.reposition();
        } catch (WakeupException e) {
            throw e;
        } catch (SQLException | KafkaException | InfrastructureFailure e) {
            waitOut(e);
        }
    }

    private void waitOut(Exception failure) {
        if (trouble.isEmpty()) {
            PollLoop.LOG.warnf(failure, "%s: pausing, will try until it works", subscription.group());
        }
        trouble = Optional.of(String.valueOf(failure.getMessage()));
        assignment.pauseAll();
        backoff.failed();
    }

    /** All at once; where a record is to blame, one by one, so that it goes to the dead letters alone. */
    private void applyInHand() throws SQLException, PositionMoved {
        FaultPoint.CONSUMER_POLLED.reached(subscription.topic());
        try {
            apply(inHand, handler::apply);
            inHand = new ArrayList<>();
        } catch (ContractViolation | SQLException | RuntimeException e) {
            if (FailureKind.of(e) == FailureKind.INFRASTRUCTURE) {
                throw asInfrastructure(e);
            }
            PollLoop.LOG.debugf(e, "%s: a batch of %d records failed, trying each alone", subscription.group(), inHand.size());
            applyOneByOne();
        }
    }

    private void applyOneByOne() throws SQLException, PositionMoved {
        while (!inHand.isEmpty()) {
            ConsumerRecord<byte[], byte[]> record = inHand.getFirst();
            try {
                apply(List.of(record), handler::apply);
            } catch (ContractViolation | SQLException | RuntimeException e) {
                if (FailureKind.of(e) == FailureKind.INFRASTRUCTURE) {
                    throw asInfrastructure(e);
                }
                bury(record, e);
            }
            inHand.removeFirst();
        }
    }

    private void bury(ConsumerRecord<byte[], byte[]> record, Exception failure) throws SQLException, PositionMoved {
        try {
            apply(List.of(record), (connection, records) -> deadLetters.bury(record, failure));
        } catch (ContractViolation | KafkaException e) {
            throw new InfrastructureFailure("the dead letter was not taken: " + e.getMessage(), e);
        }
        metrics.deadLetter();
        String where = record.topic() + "-" + record.partition() + " offset " + record.offset();
        if (failure instanceof ContractViolation) {
            PollLoop.LOG.errorf("%s: dead letter: %s: %s", subscription.group(), where, failure.getMessage());
        } else {
            PollLoop.LOG.errorf(failure, "%s: dead letter: %s", subscription.group(), where);
        }
    }

    private void apply(List<ConsumerRecord<byte[], byte[]>> records, BatchTransactions.Effect effect)
            throws ContractViolation, SQLException, PositionMoved {
        Map<TopicPartition, Position> next = transactions.apply(records, assignment.running(), effect);
        FaultPoint.CONSUMER_COMMITTED.reached(subscription.topic());
        assignment.advanced(next);
        afterCommit(records);
    }

    /** Nothing here may make a batch that stands look like one that failed. */
    private void afterCommit(List<ConsumerRecord<byte[], byte[]>> records) {
        metrics.applied(records.size());
        try {
            handler.committed(records);
        } catch (RuntimeException e) {
            PollLoop.LOG.warnf(e, "%s: after a commit that stands", subscription.group());
        }
    }

    /** For KEDA and for people, who look every few seconds; a lost one is made good by the next. */
    private void tellKafka() {
        toldAt = System.nanoTime();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        assignment.running().forEach((partition, position) -> offsets.put(partition,
                new OffsetAndMetadata(position.nextOffset(), position.leaderEpoch(), "")));
        if (!offsets.equals(told)) {
            told = offsets;
            consumer.commitAsync(offsets, (committed, failure) -> {
                if (failure != null) {
                    PollLoop.LOG.debugf(failure, "%s: offsets not told to Kafka", subscription.group());
                }
            });
        }
    }

    private void verifyNowAndThen() throws SQLException, PositionMoved {
        if (System.nanoTime() - verifiedAt < VERIFY_EACH) {
            return;
        }
        verifiedAt = System.nanoTime();
        assignment.verify(subscription.topic());
        ends.clear();
        ends.putAll(assignment.ends());
    }

    private void drop(Collection<TopicPartition> partitions) {
        inHand.removeIf(record -> partitions.contains(new TopicPartition(record.topic(), record.partition())));
    }

    private LoopStatus status() {
        Optional<Instant> oldest = inHand.stream().map(ConsumerRecord::timestamp).min(Long::compare).map(Instant::ofEpochMilli);
        return new LoopStatus(subscription.group(), assignment.applied(), assignment.stalled(), lag(), oldest, trouble, true);
    }

    /** In hand and not fetched yet; or by the end that the broker told last, where nothing is fetched now. */
    private long lag() {
        long fetchable = 0;
        long byEnds = 0;
        for (var entry : assignment.running().entrySet()) {
            fetchable += consumer.currentLag(entry.getKey()).orElse(0);
            byEnds += Math.max(0, ends.getOrDefault(entry.getKey(), 0L) - entry.getValue().nextOffset());
        }
        return Math.max(inHand.size() + fetchable, byEnds);
    }

    private static SQLException asInfrastructure(Exception failure) throws SQLException {
        return switch (failure) {
            case SQLException sql -> sql;
            case InfrastructureFailure infrastructure -> throw infrastructure;
            default -> throw new InfrastructureFailure(String.valueOf(failure.getMessage()), failure);
        };
    }
}
