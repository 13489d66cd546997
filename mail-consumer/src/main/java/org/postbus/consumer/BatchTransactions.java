package org.postbus.consumer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.postbus.events.ContractViolation;
import org.postbus.events.FaultPoint;

/** One batch, one transaction: the positions move and the effect happens, or neither. */
final class BatchTransactions {

    private static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private final DataSource dataSource;

    BatchTransactions(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** What happens to the records. */
    @FunctionalInterface
    interface Effect {
        void apply(Connection connection, List<ConsumerRecord<byte[], byte[]>> records)
                throws ContractViolation, SQLException;
    }

    /**
     * @param held where this instance believes each partition of the records to be
     * @return where they are now
     */
    Map<TopicPartition, Position> apply(List<ConsumerRecord<byte[], byte[]>> records, Map<TopicPartition, Position> held,
            Effect effect) throws ContractViolation, SQLException, PositionMoved {
        Map<TopicPartition, Position> next = positionsAfter(records);
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            boolean committed = false;
            try {
                for (var entry : next.entrySet()) {
                    TopicPartition partition = entry.getKey();
                    Positions.advance(connection, partition.topic(), partition.partition(),
                            held.get(partition).nextOffset(), entry.getValue());
                }
                effect.apply(connection, records);
                FaultPoint.CONSUMER_BEFORE_COMMIT.reached(records.getFirst().topic());
                connection.commit();
                committed = true;
            } finally {
                if (!committed) {
                    rollBack(connection);
                }
            }
        }
        return next;
    }

    /** Sorted, so that two instances that meet on several partitions wait for each other and do not deadlock. */
    private static Map<TopicPartition, Position> positionsAfter(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<TopicPartition, Position> next = new TreeMap<>(ORDER);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            next.put(new TopicPartition(record.topic(), record.partition()),
                    new Position(record.offset() + 1, record.leaderEpoch()));
        }
        return next;
    }

    /** What failed before is what matters; a connection that cannot roll back has lost its transaction anyway. */
    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            PollLoop.LOG.debug("the connection was lost with its transaction", e);
        }
    }
}
