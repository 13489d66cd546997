package org.postbus.delivery.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.postbus.delivery.dsn.RemoteMta;
import org.postbus.delivery.queue.Claims.Postponed;

/** Rows of the table {@code recipient} whose time has come, within one transaction. */
final class DueRows {

    /** Reads the head of the index of what is due, whatever else the queue holds; what others just claim is passed over. */
    static final String READ = """
            SELECT mail_id, n, original_recipient, final_recipient, reverse_path, destination, queued_at, expires_at, attempts,
                delay_told, asked_at
            FROM recipient WHERE next_attempt_at <= ?::timestamptz AND claimed_by IS NULL AND NOT held
            ORDER BY next_attempt_at LIMIT ? FOR UPDATE SKIP LOCKED""";
    /** Of rows that this transaction has locked. */
    static final String TAKE = "UPDATE recipient SET claimed_by = ? WHERE mail_id = ? AND n = ?";
    private static final String POSTPONE = """
            UPDATE recipient SET next_attempt_at = ?::timestamptz, status = ?, remote_mta = ?, diagnostic_code = ?
            WHERE mail_id = ? AND n = ?""";

    private DueRows() {
    }

    /** Longest due first; until the end of the transaction they are nobody else's. */
    static List<QueuedRecipient> read(Connection connection, Instant now, int limit) throws SQLException {
        List<QueuedRecipient> recipients = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, now.toString());
            statement.setInt(2, limit);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    recipients.add(recipient(row));
                }
            }
        }
        return recipients;
    }

    /** They are in the hands of that instance from now on. */
    static void take(Connection connection, UUID instance, List<QueuedRecipient> taken) throws SQLException {
        ByKey.changed(connection, TAKE, taken, (statement, recipient) -> {
            statement.setObject(1, instance);
            statement.setObject(2, recipient.mailId());
            statement.setInt(3, recipient.n());
        });
    }

    static void postpone(Connection connection, List<Postponed> postponed) throws SQLException {
        ByKey.changed(connection, POSTPONE, postponed, DueRows::postponed);
    }

    /** Sets the first six: when it is due, three for the reason, and two for its name. */
    static void postponed(PreparedStatement statement, Postponed one) throws SQLException {
        statement.setString(1, one.due().toString());
        statement.setString(2, one.why().status());
        statement.setString(3, one.why().remoteMta().map(RemoteMta::toString).orElse(""));
        statement.setString(4, one.why().diagnostic().text());
        statement.setObject(5, one.recipient().mailId());
        statement.setInt(6, one.recipient().n());
    }

    private static QueuedRecipient recipient(ResultSet row) throws SQLException {
        return new QueuedRecipient(row.getObject(1, UUID.class), row.getInt(2), row.getString(3), row.getString(4),
                row.getString(5), row.getString(6), row.getTimestamp(7).toInstant(), row.getTimestamp(8).toInstant(),
                row.getInt(9), row.getBoolean(10), Optional.ofNullable(row.getTimestamp(11)).map(Timestamp::toInstant));
    }
}
