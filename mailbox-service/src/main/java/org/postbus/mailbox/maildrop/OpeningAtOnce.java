package org.postbus.mailbox.maildrop;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.postbus.mailbox.credential.KnownLogin;

/**
 * The case that almost every login is: the password is known, the account unchanged, the maildrop free. Three statements
 * that go to the database together are one round trip and one transaction, in which each sees what was committed before
 * it began: the listing is of a moment at which the session has the lock.
 */
final class OpeningAtOnce {

    private static final String OPEN = """
            select set_config('synchronous_commit', 'off', true) from account
             where id = ? and enabled and credential_version = ? for no key update;

            insert into maildrop_lock (account_id, session_id, gateway, client, opened_at, expires_at)
            select id, ?, ?, ?, clock_timestamp(), clock_timestamp() + ? * interval '1 second' from account
             where id = ? and enabled and credential_version = ? and pg_postmaster_start_time() = ?
               and not exists (select from maildrop_lock where account_id = account.id)
               and not exists (select from fenced_session where session_id = ?)
            on conflict do nothing;

            select seq, mail_id, octets from entry
             where account_id = ? and exists (select from maildrop_lock where session_id = ?) order by seq limit ?""";

    private OpeningAtOnce() {
    }

    /**
     * Takes the lock and reads the first page; empty where nothing was done.
     *
     * @param life the one of the database's server in which the maildrop is {@linkplain DatabaseLives believed}
     */
    static Optional<Snapshot.Page> attempt(Connection connection, KnownLogin login, MaildropSession session, Instant life)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OPEN)) {
            bind(statement, login, session, life);
            statement.execute();
            statement.getMoreResults();
            if (statement.getUpdateCount() != 1) {
                return Optional.empty();
            }
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                return Optional.of(Snapshot.page(row, 0));
            }
        }
    }

    private static void bind(PreparedStatement statement, KnownLogin login, MaildropSession session, Instant life)
            throws SQLException {
        UUID account = login.accountId();
        statement.setObject(1, account);
        statement.setLong(2, login.credentialVersion());
        statement.setObject(3, session.id());
        statement.setString(4, session.gateway());
        statement.setString(5, session.client());
        statement.setLong(6, MaildropLocks.LEASE.toSeconds());
        statement.setObject(7, account);
        statement.setLong(8, login.credentialVersion());
        statement.setObject(9, life.atOffset(ZoneOffset.UTC));
        statement.setObject(10, session.id());
        statement.setObject(11, account);
        statement.setObject(12, session.id());
        statement.setInt(13, Snapshot.PAGE);
    }
}
