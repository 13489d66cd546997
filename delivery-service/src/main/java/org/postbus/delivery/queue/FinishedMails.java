package org.postbus.delivery.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Mails that have no recipient left in the queue. */
public final class FinishedMails {

    /** How long the queue knows a notification that has left it: longer than anything publishes one again. */
    static final Duration KNOWN = Duration.ofHours(24);

    /**
     * A look for each mail, and no join: where PostgreSQL saw the table empty the last time, it takes it for empty until the next
     * autovacuum, and compares each of the mails with each of 100,000 recipients.
     */
    private static final String NOBODY_LEFT = " AND (SELECT r.n FROM recipient r WHERE r.mail_id = m.mail_id LIMIT 1) IS NULL";
    private static final String REMOVE = "DELETE FROM mail m WHERE m.mail_id = ANY (?) AND m.complete" + NOBODY_LEFT
            + " RETURNING m.mail_id";
    static final String REMOVE_WITH_OCTETS =
            "WITH gone AS (" + REMOVE + ") DELETE FROM chunk WHERE mail_id = ANY (ARRAY(SELECT mail_id FROM gone))";
    static final String FINISH = "WITH done AS (UPDATE mail m SET done_at = now() WHERE m.mail_id = ANY (?)" + NOBODY_LEFT
            + " RETURNING m.mail_id) DELETE FROM chunk WHERE mail_id = ANY (ARRAY(SELECT mail_id FROM done))";
    private static final String FORGET = "DELETE FROM mail WHERE done_at < now() - ? * interval '1 second'";

    private FinishedMails() {
    }

    /** Removes those of the mails that nobody is to get any more. Their rows are locked. */
    static void remove(Connection connection, List<QueuedMail> mails) throws SQLException {
        update(connection, REMOVE_WITH_OCTETS, mails.stream().filter(mail -> !isOurs(mail)).map(QueuedMail::mailId).toList());
        update(connection, FINISH, mails.stream().filter(FinishedMails::isOurs).map(QueuedMail::mailId).toList());
    }

    /** Forgets the notifications that nothing will publish again. */
    public static int sweep(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setLong(1, KNOWN.toSeconds());
            return statement.executeUpdate();
        }
    }

    /** Mail that Postbus makes, whose id comes from what it tells: it may be published twice. */
    private static boolean isOurs(QueuedMail mail) {
        return mail.envelope().protocol().equals("internal");
    }

    private static void update(Connection connection, String sql, List<UUID> mails) throws SQLException {
        if (!mails.isEmpty()) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setArray(1, connection.createArrayOf("uuid", mails.toArray()));
                statement.executeUpdate();
            }
        }
    }
}
