package org.postbus.mailbox.directory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.postbus.events.directory.DirectoryChange;
import org.postbus.events.directory.DirectoryEntry;
import org.postbus.mailbox.maildrop.MaildropRemoval;

/** The tables of the directory, as changes from the event log are applied to them. */
final class RestoredTables {

    /** What waits in the outbox is known, too: it may be the deletion of what the log still has. */
    private static final String KNOWN = """
            select key, max(version) from (
                select 'domain:' || name as key, version from domain
                union all select 'address:' || address, version from account
                union all select 'address:' || address, version from alias
                union all select convert_from(key, 'UTF8'), id from outbox where topic = 'mail.directory') as known
             group by key""";
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
    private static final String DISABLE = """
            update account set enabled = false, credential_version = credential_version + 1, version = ? where address = ?""";
    private static final String KEEP_DOMAIN = "update domain set version = ? where name = ?";
    private static final String END_DOMAIN = """
            delete from domain where name = ? and not exists (select from account where domain = name)
               and not exists (select from alias where domain = name)""";

    private final Supplier<String> lostPassword;

    /** @param lostPassword the hash of a password that nobody knows */
    RestoredTables(Supplier<String> lostPassword) {
        this.lostPassword = lostPassword;
    }

    /** Addresses go before their domains and come after them; where an account becomes an alias, one goes before the other comes. */
    static int order(DirectoryChange change) {
        return switch (change) {
            case DirectoryChange.Rebuilding _ -> 0;
            case DirectoryChange.Deleted(String key, long _) -> key.startsWith(DirectoryChange.addressKey("")) ? 0 : 1;
            case DirectoryChange.Put(String _, DirectoryEntry entry) -> switch (entry) {
                case DirectoryEntry.Domain _ -> 2;
                case DirectoryEntry.Account _ -> 3;
                case DirectoryEntry.Alias _ -> 4;
            };
        };
    }

    void apply(Connection connection, DirectoryChange change) throws SQLException {
        switch (change) {
            case DirectoryChange.Rebuilding _ -> { }
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

    /**
     * Of a name that was deleted, as far as anybody can tell, and that no record says so of: an alias goes, and a domain that nobody is in. An
     * account stays with its mail, which nothing would bring back, but disabled.
     *
     * @param version under which what stays is to be published
     */
    void setAside(Connection connection, String key, long version) throws SQLException {
        String name = key.substring(key.indexOf(':') + 1);
        if (key.startsWith(DirectoryChange.addressKey(""))) {
            update(connection, "delete from alias where address = ?", name);
            update(connection, DISABLE, version, name);
        } else {
            update(connection, END_DOMAIN, name);
            update(connection, KEEP_DOMAIN, version, name);
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

    /** The version of each key that the tables or the outbox have. */
    static Map<String, Long> known(Connection connection) throws SQLException {
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
