package org.postbus.delivery.queue.admin;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Changes rows that stay in the queue. What is attempted just now, or locked by somebody else, is passed over. */
final class StayingRows {

    private static final String UPDATE = """
            WITH mine AS (
                SELECT r.mail_id, r.n FROM recipient r
                JOIN unnest(?::uuid[], ?::int[]) AS meant (mail_id, n) ON r.mail_id = meant.mail_id AND r.n = meant.n
                WHERE r.claimed_by IS NULL AND %s ORDER BY r.mail_id, r.n FOR UPDATE OF r SKIP LOCKED)
            UPDATE recipient r SET %s FROM mine, (SELECT ?::timestamptz AS now) AS clock
            WHERE r.mail_id = mine.mail_id AND r.n = mine.n RETURNING r.mail_id, r.n""";
    private static final String RETRY = UPDATE.formatted("NOT r.held AND r.next_attempt_at <> 'infinity'",
            "next_attempt_at = clock.now");
    private static final String HOLD = UPDATE.formatted("NOT r.held", "held = true");
    private static final String RELEASE = UPDATE.formatted("r.held", "held = false, next_attempt_at = "
            + "CASE WHEN r.next_attempt_at = 'infinity' THEN r.next_attempt_at ELSE clock.now END");

    private StayingRows() {
    }

    static List<QueueItem> retry(Connection connection, List<QueueItem> items, Instant now) throws SQLException {
        return changed(connection, RETRY, items, now);
    }

    static List<QueueItem> hold(Connection connection, List<QueueItem> items, Instant now) throws SQLException {
        return changed(connection, HOLD, items, now);
    }

    static List<QueueItem> release(Connection connection, List<QueueItem> items, Instant now) throws SQLException {
        return changed(connection, RELEASE, items, now);
    }

    private static List<QueueItem> changed(Connection connection, String sql, List<QueueItem> items, Instant now)
            throws SQLException {
        Set<RecipientKey> keys = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("uuid", items.stream().map(QueueItem::mailId).toArray()));
            statement.setArray(2, connection.createArrayOf("int4", items.stream().map(QueueItem::n).toArray()));
            statement.setString(3, now.toString());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    keys.add(new RecipientKey(row.getObject(1, UUID.class), row.getInt(2)));
                }
            }
        }
        return items.stream().filter(item -> keys.contains(item.key())).toList();
    }
}
