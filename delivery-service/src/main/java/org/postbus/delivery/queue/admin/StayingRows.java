package org.postbus.delivery.queue.admin;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.postbus.delivery.queue.ByKey;

/** Changes rows that stay in the queue. What is attempted just now, or locked by somebody else, is passed over. */
final class StayingRows {

    private static final String UPDATE = """
            UPDATE recipient SET %2$s WHERE ctid = (
                SELECT ctid FROM recipient WHERE mail_id = ? AND n = ? AND claimed_by IS NULL AND %1$s FOR UPDATE SKIP LOCKED)""";
    private static final String RETRY = UPDATE.formatted("NOT held AND next_attempt_at <> 'infinity'",
            "next_attempt_at = ?::timestamptz, asked_at = ?::timestamptz");
    private static final String HOLD = UPDATE.formatted("NOT held", "held = true");
    private static final String RELEASE = UPDATE.formatted("held", "held = false, next_attempt_at = "
            + "CASE WHEN next_attempt_at = 'infinity' THEN next_attempt_at ELSE ?::timestamptz END, asked_at = ?::timestamptz");

    private StayingRows() {
    }

    static List<QueueItem> retry(Connection connection, List<QueueItem> items, Instant now) throws SQLException {
        return ByKey.changed(connection, RETRY, items, (statement, item) -> dueThen(statement, item, now));
    }

    static List<QueueItem> hold(Connection connection, List<QueueItem> items) throws SQLException {
        return ByKey.changed(connection, HOLD, items, (statement, item) -> key(statement, 1, item));
    }

    static List<QueueItem> release(Connection connection, List<QueueItem> items, Instant now) throws SQLException {
        return ByKey.changed(connection, RELEASE, items, (statement, item) -> dueThen(statement, item, now));
    }

    private static void dueThen(PreparedStatement statement, QueueItem item, Instant now) throws SQLException {
        statement.setString(1, now.toString());
        statement.setString(2, now.toString());
        key(statement, 3, item);
    }

    private static void key(PreparedStatement statement, int index, QueueItem item) throws SQLException {
        statement.setObject(index, item.mailId());
        statement.setInt(index + 1, item.n());
    }
}
