package org.postbus.mailbox.maildrop;

import static org.postbus.mailbox.database.SqlArrays.instants;
import static org.postbus.mailbox.database.SqlArrays.longs;
import static org.postbus.mailbox.database.SqlArrays.texts;
import static org.postbus.mailbox.database.SqlArrays.uuids;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.postbus.mailbox.credential.KnownLogin;

/**
 * The case that almost every login is: the password is known, the account unchanged, the maildrop free. Three statements
 * that go to the database together are one round trip and one transaction, for all who log in at the same time. Each sees what
 * was committed before it began: a listing is of a moment at which its session has the lock.
 *
 * <p>An account whose row another transaction has is left out, so that nobody waits for what another's maildrop waits for.
 */
final class OpeningAtOnce {

    private static final String OPEN = """
            select set_config('synchronous_commit', 'off', true);

            with free as materialized (
                 select id, credential_version from account where id = any(?) and enabled order by id
                    for no key update skip locked)
            insert into maildrop_lock (account_id, session_id, gateway, client, opened_at, expires_at)
            select account, session, asked.gateway, asked.client, clock_timestamp(), clock_timestamp() + ? * interval '1 second'
              from unnest(?, ?, ?, ?, ?, ?) as asked(account, version, session, gateway, client, life)
              join free on id = account and credential_version = version
             where life = pg_postmaster_start_time()
               and not exists (select from maildrop_lock where account_id = account)
               and not exists (select from fenced_session where session_id = session)
            on conflict do nothing returning session_id;

            select session_id, seq, mail_id, octets from maildrop_lock left join lateral (
                   select seq, mail_id, octets from entry where entry.account_id = maildrop_lock.account_id
                    order by seq limit ?) listed on true
             where session_id = any(?) order by session_id, seq""";

    /** Messages of a page here: many pages are in memory at a time. A larger maildrop is read again. */
    static final int PAGE = 256;

    private OpeningAtOnce() {
    }

    /**
     * Who asks, and for what.
     *
     * @param life the one of the database's server in which the maildrop is {@linkplain DatabaseLives believed}
     */
    record Asked(KnownLogin login, MaildropSession session, Instant life) {

        UUID accountId() {
            return login.accountId();
        }
    }

    /** Takes the locks and reads the first pages; empty for those for whom nothing was done. */
    static List<Optional<Snapshot.Page>> attempt(Connection connection, List<Asked> asked) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OPEN)) {
            bind(connection, statement, asked);
            statement.execute();
            statement.getMoreResults();
            Set<UUID> opened = opened(statement);
            statement.getMoreResults();
            Map<UUID, Snapshot.Page> pages = pages(statement);
            return asked.stream().map(one -> one.session().id())
                    .map(session -> Optional.ofNullable(opened.contains(session) ? pages.get(session) : null)).toList();
        }
    }

    private static void bind(Connection connection, PreparedStatement statement, List<Asked> asked) throws SQLException {
        List<UUID> sessions = asked.stream().map(one -> one.session().id()).toList();
        List<UUID> accounts = asked.stream().map(Asked::accountId).toList();
        statement.setArray(1, uuids(connection, accounts));
        statement.setLong(2, MaildropLocks.LEASE.toSeconds());
        statement.setArray(3, uuids(connection, accounts));
        statement.setArray(4, longs(connection, asked.stream().map(one -> one.login().credentialVersion()).toList()));
        statement.setArray(5, uuids(connection, sessions));
        statement.setArray(6, texts(connection, asked.stream().map(one -> one.session().gateway()).toList()));
        statement.setArray(7, texts(connection, asked.stream().map(one -> one.session().client()).toList()));
        statement.setArray(8, instants(connection, asked.stream().map(Asked::life).toList()));
        statement.setInt(9, PAGE);
        statement.setArray(10, uuids(connection, sessions));
    }

    private static Set<UUID> opened(PreparedStatement statement) throws SQLException {
        Set<UUID> sessions = new HashSet<>();
        try (ResultSet row = statement.getResultSet()) {
            while (row.next()) {
                sessions.add(row.getObject(1, UUID.class));
            }
        }
        return sessions;
    }

    private static Map<UUID, Snapshot.Page> pages(PreparedStatement statement) throws SQLException {
        Map<UUID, Snapshot.PageBuilder> pages = new HashMap<>();
        try (ResultSet row = statement.getResultSet()) {
            while (row.next()) {
                Snapshot.PageBuilder page = pages.computeIfAbsent(row.getObject(1, UUID.class), session -> new Snapshot.PageBuilder(0));
                // An empty maildrop is one row without a message.
                UUID mailId = row.getObject(3, UUID.class);
                if (mailId != null) {
                    page.add(row.getLong(2), mailId, row.getLong(4));
                }
            }
        }
        Map<UUID, Snapshot.Page> read = new HashMap<>();
        pages.forEach((session, page) -> read.put(session, page.page()));
        return read;
    }
}
