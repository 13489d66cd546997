package org.postbus.delivery.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.postbus.delivery.dsn.RemoteMta;
import org.postbus.delivery.queue.Claims.Postponed;

/** Rows of the table {@code recipient} whose time has come, within one transaction. */
final class DueRows {

    /** Reads the head of the index of what is due, whatever else the queue holds; what others just claim is passed over. */
    static final String READ = """
            SELECT mail_id, n, original_recipient, final_recipient, reverse_path, destination, queued_at, expires_at, attempts,
                delay_told
            FROM recipient WHERE next_attempt_at <= ?::timestamptz AND claimed_by IS NULL AND NOT held
            ORDER BY next_attempt_at LIMIT ? FOR UPDATE SKIP LOCKED""";
    /** Of rows that this transaction has locked. */
    static final String TAKE = """
            UPDATE recipient r SET claimed_by = ? FROM unnest(?::uuid[], ?::int[]) AS due (mail_id, n)
            WHERE r.mail_id = due.mail_id AND r.n = due.n""";
    private static final String POSTPONE = """
            UPDATE recipient r SET next_attempt_at = later.due, status = later.status, remote_mta = later.remote_mta,
                diagnostic_code = later.diagnostic_code
            FROM unnest(?::uuid[], ?::int[], ?::timestamptz[], ?::text[], ?::text[], ?::text[])
                AS later (mail_id, n, due, status, remote_mta, diagnostic_code)
            WHERE r.mail_id = later.mail_id AND r.n = later.n""";

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
        if (taken.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setObject(1, instance);
            array(statement, 2, "uuid", taken, QueuedRecipient::mailId);
            array(statement, 3, "int4", taken, QueuedRecipient::n);
            statement.executeUpdate();
        }
    }

    static void postpone(Connection connection, List<Postponed> postponed) throws SQLException {
        if (postponed.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(POSTPONE)) {
            array(statement, 1, "uuid", postponed, one -> one.recipient().mailId());
            array(statement, 2, "int4", postponed, one -> one.recipient().n());
            array(statement, 3, "text", postponed, one -> one.due().toString());
            array(statement, 4, "text", postponed, one -> one.why().status());
            array(statement, 5, "text", postponed, one -> one.why().remoteMta().map(RemoteMta::toString).orElse(""));
            array(statement, 6, "text", postponed, one -> one.why().diagnostic().text());
            statement.executeUpdate();
        }
    }

    private static <T> void array(PreparedStatement statement, int index, String type, List<T> rows, Function<T, Object> value)
            throws SQLException {
        statement.setArray(index, statement.getConnection().createArrayOf(type, rows.stream().map(value).toArray()));
    }

    private static QueuedRecipient recipient(ResultSet row) throws SQLException {
        return new QueuedRecipient(row.getObject(1, UUID.class), row.getInt(2), row.getString(3), row.getString(4),
                row.getString(5), row.getString(6), row.getTimestamp(7).toInstant(), row.getTimestamp(8).toInstant(),
                row.getInt(9), row.getBoolean(10));
    }
}
