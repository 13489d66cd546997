package org.postbus.mailbox.directory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.postbus.events.directory.DirectoryChange;
import org.postbus.events.directory.DirectoryEntry;
import org.postbus.mailbox.maildrop.MaildropRemoval;

/**
 * Brings back the changes of the directory that a restore to a point in time took away: gateways have acted by them, and mail may be on
 * its way to accounts that were made since. An account comes back under its id, with its mail from the event log, without a quota and with
 * a password that nobody knows: neither is on the log. Without this a change made after the restore would bear a version that the log had
 * already, and everybody who follows the log would ignore it.
 *
 * <p>Where nothing was restored, the tables and the outbox have all that the log has, and nothing happens.
 */
final class RestoredDirectory {

    private static final Logger LOG = Logger.getLogger(RestoredDirectory.class);

    private static final String PATIENCE = "set local idle_in_transaction_session_timeout = '180s'";
    private static final String LOCK = "select pg_advisory_xact_lock(hashtextextended('postbus.mailbox.directory', 0))";
    /** What waits in the outbox is known, too: it may be the deletion of what the log still has. */
    private static final String KNOWN = """
            select key, max(version) from (
                select 'domain:' || name as key, version from domain
                union all select 'address:' || address, version from account
                union all select 'address:' || address, version from alias
                union all select convert_from(key, 'UTF8'), id from outbox where topic = 'mail.directory') as known
             group by key""";
    private static final String NO_VERSION_TWICE = "select setval('outbox_id', greatest(last_value, ?)) from outbox_id";
    private static final String DOMAIN = """
            insert into domain (name, postmaster, version) values (?, ?, ?) on conflict (name)
            do update set postmaster = coalesce(excluded.postmaster, domain.postmaster), version = excluded.version""";
    private static final String ACCOUNT = """
            insert into account (id, address, domain, enabled, password_hash, version)
            select ?, ?, name, ?, ?, ? from domain where name = ? on conflict (id)
            do update set enabled = excluded.enabled, version = excluded.version, credential_version = account.credential_version + 1""";
    private static final String ALIAS = """
            insert into alias (address, domain, targets, version) select ?, name, ?, ? from domain where name = ?
            on conflict (address) do update set targets = excluded.targets, version = excluded.version""";
    private static final String ACCOUNT_AT = "select id from account where address = ?";
    private static final String END_DOMAIN = """
            delete from domain where name = ? and not exists (select from account where domain = name)
               and not exists (select from alias where domain = name)""";

    private final Log log;
    private final LostDirectory lost;
    private final Supplier<String> lostPassword;
    private boolean compared;

    /** The event log, as far as it is the directory's. Throws what Kafka's clients throw where it does not answer in time. */
    interface Log {

        /** Whether nothing was ever published on it. */
        boolean isEmpty();

        /** The last change of each key. */
        Collection<DirectoryChange> read();
    }

    /**
     * @param lost         what brings the log back, where it is that which was lost
     * @param lostPassword the hash of a password that nobody knows
     */
    RestoredDirectory(Log log, LostDirectory lost, Supplier<String> lostPassword) {
        this.log = log;
        this.lost = lost;
        this.lostPassword = lostPassword;
    }

    /**
     * In the transaction of the one publisher, before it publishes. Compares the tables with the log once in a life of the server; and
     * once in a life of this process, where there is no log.
     */
    void bringBack(Connection connection) throws SQLException {
        if (DirectoryLife.isKnown(connection) && (compared || !log.isEmpty())) {
            compared = true;
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(PATIENCE);
            statement.execute(LOCK);
        }
        Map<String, Long> known = known(connection);
        Collection<DirectoryChange> all = log.read();
        List<DirectoryChange> missing = all.stream()
                .filter(change -> known.getOrDefault(change.key(), -1L) < change.version())
                .filter(change -> change instanceof DirectoryChange.Put || known.containsKey(change.key()))
                .sorted(Comparator.comparing(RestoredDirectory::order)).toList();
        for (DirectoryChange change : missing) {
            apply(connection, change);
        }
        long last = all.stream().mapToLong(DirectoryChange::version).max().orElse(1);
        update(connection, NO_VERSION_TWICE, last);
        DirectoryLife.remember(connection);
        int anew = lost.publishAnew(connection, versions(all));
        compared = true;
        if (anew > 0) {
            LOG.warnf("the event log has lost %d entries of the directory: they are published anew", anew);
        }
        LOG.debugf("compared with %d keys on the event log", all.size());
        if (!missing.isEmpty()) {
            LOG.warnf("the database was restored: %d changes of the directory were taken from the event log; accounts that were made "
                    + "since need a new password: %s", missing.size(), missing.stream().map(DirectoryChange::key).limit(100).toList());
        }
    }

    private static Map<String, Long> versions(Collection<DirectoryChange> changes) {
        return changes.stream().collect(Collectors.toMap(DirectoryChange::key, DirectoryChange::version, Math::max));
    }

    /** Addresses go before their domains and come after them; where an account becomes an alias, one goes before the other comes. */
    private static int order(DirectoryChange change) {
        return switch (change) {
            case DirectoryChange.Deleted(String key, long _) -> key.startsWith(DirectoryChange.addressKey("")) ? 0 : 1;
            case DirectoryChange.Put(String _, DirectoryEntry entry) -> switch (entry) {
                case DirectoryEntry.Domain _ -> 2;
                case DirectoryEntry.Account _ -> 3;
                case DirectoryEntry.Alias _ -> 4;
            };
        };
    }

    private void apply(Connection connection, DirectoryChange change) throws SQLException {
        switch (change) {
            case DirectoryChange.Deleted(String key, long _) -> {
                String name = key.substring(key.indexOf(':') + 1);
                if (order(change) == 0) {
                    endAddress(connection, name, new UUID(0, 0));
                } else {
                    update(connection, END_DOMAIN, name);
                }
            }
            case DirectoryChange.Put(String _, DirectoryEntry entry) -> put(connection, entry);
        }
    }

    private void put(Connection connection, DirectoryEntry entry) throws SQLException {
        switch (entry) {
            case DirectoryEntry.Domain domain ->
                update(connection, DOMAIN, domain.name(), domain.postmaster().orElse(null), domain.version());
            case DirectoryEntry.Account account -> {
                endAddress(connection, account.address(), account.accountId());
                update(connection, ACCOUNT, account.accountId(), account.address(), account.enabled(), lostPassword.get(),
                        account.version(), Names.domainOf(account.address()));
            }
            case DirectoryEntry.Alias alias -> {
                endAccount(connection, alias.address(), new UUID(0, 0));
                update(connection, ALIAS, alias.address(), connection.createArrayOf("text", alias.targets().toArray()),
                        alias.version(), Names.domainOf(alias.address()));
            }
        }
    }

    /** @param but an account that stays */
    private static void endAddress(Connection connection, String address, UUID but) throws SQLException {
        update(connection, "delete from alias where address = ?", address);
        endAccount(connection, address, but);
    }

    private static void endAccount(Connection connection, String address, UUID but) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(ACCOUNT_AT)) {
            query.setString(1, address);
            try (ResultSet row = query.executeQuery()) {
                if (row.next() && !row.getObject(1, UUID.class).equals(but)) {
                    UUID id = row.getObject(1, UUID.class);
                    MaildropRemoval.remove(connection, id);
                    update(connection, "delete from account where id = ?", id);
                }
            }
        }
    }

    private static Map<String, Long> known(Connection connection) throws SQLException {
        Map<String, Long> known = new HashMap<>();
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(KNOWN)) {
            while (row.next()) {
                known.put(row.getString(1), row.getLong(2));
            }
        }
        return known;
    }

    private static void update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.execute();
        }
    }
}
