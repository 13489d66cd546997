package org.postbus.mailbox.maildrop;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.postbus.mailbox.database.SqlArrays;
import org.postbus.mailbox.maildrop.DatabaseLives.Life;

/** The lock rows of maildrops. All times are the database's. */
final class MaildropLocks {

    /** How long a session has the lock without a renewal. */
    static final Duration LEASE = Duration.ofSeconds(60);

    private static final String LOCK_ACCOUNT = """
            select pg_postmaster_start_time() as life,
                   clock_timestamp() > pg_postmaster_start_time() + ? * interval '1 second' as settled
              from account where id = ? for no key update""";
    private static final String LOOK = """
            select session_id, expires_at <= clock_timestamp() as expired from maildrop_lock where account_id = ?
               for update""";
    private static final String TAKE = """
            insert into maildrop_lock (account_id, session_id, gateway, client, opened_at, expires_at)
            select ?, ?, ?, ?, clock_timestamp(), clock_timestamp() + ? * interval '1 second'
             where not exists (select from fenced_session where session_id = ?)""";
    static final String RENEW = """
            update maildrop_lock set expires_at = clock_timestamp() + ? * interval '1 second'
             where session_id = ? and not revoked""";
    private static final String RELEASE_ALL = """
            select set_config('synchronous_commit', 'off', true);
            delete from maildrop_lock where session_id = any(?)""";
    private static final String RELEASE = "delete from maildrop_lock where session_id = ?";
    private static final String FENCE = "insert into fenced_session (session_id) values (?) on conflict do nothing";

    private MaildropLocks() {
    }

    /** A lock row as it was found. */
    record Held(UUID sessionId, boolean expired) {
    }

    /** Locks the account's row until the transaction ends and tells the server's life; empty if there is no such row. */
    static Optional<Life> lockAccount(Connection connection, UUID accountId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK_ACCOUNT)) {
            statement.setLong(1, LEASE.toSeconds());
            statement.setObject(2, accountId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Life(row.getObject("life", OffsetDateTime.class).toInstant(), row.getBoolean("settled")))
                        : Optional.empty();
            }
        }
    }

    /** The lock row, which nobody renews or releases until the transaction ends. */
    static Optional<Held> look(Connection connection, UUID accountId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOOK)) {
            statement.setObject(1, accountId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Held(row.getObject("session_id", UUID.class), row.getBoolean("expired")))
                        : Optional.empty();
            }
        }
    }

    /** Takes a lock that nobody has; false if the session was fenced: it would be deaf to its own deletions. */
    static boolean take(Connection connection, UUID accountId, MaildropSession session) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setObject(1, accountId);
            statement.setObject(2, session.id());
            statement.setString(3, session.gateway());
            statement.setString(4, session.client());
            statement.setLong(5, LEASE.toSeconds());
            statement.setObject(6, session.id());
            return statement.executeUpdate() == 1;
        }
    }

    /** Begins the lease anew; false if the session has no lock or its lock is being broken. */
    static boolean renew(Connection connection, UUID sessionId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RENEW)) {
            statement.setLong(1, LEASE.toSeconds());
            statement.setObject(2, sessionId);
            return statement.executeUpdate() == 1;
        }
    }

    /** Releases locks in a transaction that a power cut may lose; whether each session had one is nobody's concern. */
    static void release(Connection connection, List<UUID> sessions) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RELEASE_ALL)) {
            statement.setArray(1, SqlArrays.uuids(connection, sessions));
            statement.execute();
        }
    }

    static void release(Connection connection, UUID sessionId) throws SQLException {
        update(connection, RELEASE, sessionId);
    }

    /** Takes the lock from a session whose lease ended; whatever it still publishes has no effect. */
    static void fence(Connection connection, UUID sessionId) throws SQLException {
        update(connection, FENCE, sessionId);
        update(connection, RELEASE, sessionId);
    }

    private static void update(Connection connection, String sql, UUID sessionId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, sessionId);
            statement.executeUpdate();
        }
    }
}
