package org.postbus.mailbox.retention;

import java.sql.PreparedStatement;
import java.time.Duration;
import org.postbus.mailbox.database.Database;

/**
 * Rows of one kind that go by age, a batch at a time.
 *
 * @param rows  for logs
 * @param sql   deletes a batch; takes an age in seconds and the batch's size
 * @param after the age
 */
record Forgetting(String rows, String sql, Duration after) {

    /** Rows of one transaction. */
    static final int BATCH = 1000;

    // What may come back out of a dead letter must still be known then.
    private static final String MARKERS = """
            delete from content where mail_id in (
                select c.mail_id from content c where swept_at < now() - ? * interval '1 second'
                   and not exists (select from dead_letter d where d.mail_id = c.mail_id)
                   and not exists (select from entry e where e.mail_id = c.mail_id) limit ?)""";
    private static final String TOMBSTONES = """
            delete from tombstone where (account_id, mail_id) in (
                select account_id, t.mail_id from tombstone t where deleted_at < now() - ? * interval '1 second'
                   and not exists (select from dead_letter d where d.mail_id = t.mail_id) limit ?)""";
    private static final String FENCED = """
            delete from fenced_session where session_id in (
                select session_id from fenced_session where fenced_at < now() - ? * interval '1 second' limit ?)""";
    private static final String FAILED_LOGINS = """
            delete from failed_login where subject in (
                select subject from failed_login where since < now() - ? * interval '1 second' limit ?)""";
    private static final String DEAD_LETTERS = """
            delete from dead_letter where id in (
                select id from dead_letter where buried_at < now() - ? * interval '1 second' limit ?)""";

    static Forgetting markers(Duration horizon) {
        return new Forgetting("markers of swept mails", MARKERS, horizon);
    }

    static Forgetting tombstones(Duration horizon) {
        return new Forgetting("tombstones", TOMBSTONES, horizon);
    }

    static Forgetting fencedSessions(Duration horizon) {
        return new Forgetting("fenced sessions", FENCED, horizon);
    }

    static Forgetting failedLogins(Duration window) {
        return new Forgetting("failed logins", FAILED_LOGINS, window);
    }

    static Forgetting deadLetters(Duration keep) {
        return new Forgetting("dead letters", DEAD_LETTERS, keep);
    }

    /** By time of insertion, nearly, so that the block range index finds the old end. */
    static Forgetting trail(String table, String column, Duration keep) {
        return new Forgetting(table, "delete from " + table + " where ctid = any(array(select ctid from " + table
                + " where " + column + " < now() - ? * interval '1 second' limit ?))", keep);
    }

    /** Deletes a batch; returns how many rows went, {@value #BATCH} if there may be more. */
    int run(Database database) {
        return database.relaxed(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setLong(1, after.toSeconds());
                statement.setInt(2, BATCH);
                return statement.executeUpdate();
            }
        });
    }
}
