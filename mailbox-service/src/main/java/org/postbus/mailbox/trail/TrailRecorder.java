package org.postbus.mailbox.trail;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.postbus.consumer.BatchHandler;
import org.postbus.events.ContractViolation;
import org.postbus.events.FactCodec;
import org.postbus.events.TrailEvent;

/** Keeps what {@code mail.trail} tells. */
public final class TrailRecorder implements BatchHandler {

    @Override
    public void apply(Connection connection, List<ConsumerRecord<byte[], byte[]>> records)
            throws ContractViolation, SQLException {
        List<TrailEvent> events = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            events.add(FactCodec.MAIL_TRAIL.decode(record));
        }
        relax(connection);
        TrailTables.addEvents(connection, events);
        TrailTables.addMails(connection, events);
        TrailTables.addRecipients(connection, LastWord.of(events));
    }

    /** Events and position are lost together or not at all, and the event log has them again. */
    private static void relax(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local synchronous_commit = off");
        }
    }
}
