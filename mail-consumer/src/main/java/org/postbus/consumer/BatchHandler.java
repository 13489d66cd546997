package org.postbus.consumer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.postbus.events.ContractViolation;

/** What a service does with records. It may be called again with records whose transaction did not commit. */
@FunctionalInterface
public interface BatchHandler {

    /**
     * Applies records, those of a partition in order, inside a transaction that the poll loop began and commits.
     * What it sends to Kafka must be acknowledged before it returns ({@link EventProducer#awaitAll}).
     *
     * @param records at least one; where this throws on data, each is tried again alone
     * @throws ContractViolation     a record breaks the contract: alone, it goes to the dead letters
     * @throws SQLException          classes 22 and 23 are about the data, as above; any other is retried for ever
     * @throws InfrastructureFailure something that the records are not to blame for: retried for ever
     */
    void apply(Connection connection, List<ConsumerRecord<byte[], byte[]>> records)
            throws ContractViolation, SQLException;

    /** Called after the commit, for metrics and the like; may be missed by a crash, must not throw. */
    default void committed(List<ConsumerRecord<byte[], byte[]>> records) {
    }
}
