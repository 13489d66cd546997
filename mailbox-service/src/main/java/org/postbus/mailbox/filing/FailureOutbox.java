package org.postbus.mailbox.filing;

import java.sql.Connection;
import java.sql.SQLException;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends a record if, and only if, the transaction commits. */
@FunctionalInterface
public interface FailureOutbox {

    void add(Connection connection, ProducerRecord<byte[], byte[]> record) throws SQLException;
}
