package org.postbus.mailbox.filing;

import static org.postbus.mailbox.database.SqlArrays.longs;
import static org.postbus.mailbox.database.SqlArrays.uuids;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.postbus.events.FailedRecipient;
import org.postbus.events.RoutedEnvelope.LocalDelivery;

/** The accounts of a batch, locked, with the room that their maildrops have left. */
public final class AccountLedger {

    // No key update: references to an account go on meanwhile. Locks are taken in the order of the rows.
    private static final String LOCK = """
            select id, enabled, coalesce(quota_bytes, 9223372036854775807) - used_bytes as room
              from account where id = any(?) order by id for no key update""";
    private static final String SAVE = """
            update account set used_bytes = used_bytes + octets, message_count = message_count + messages
              from unnest(?, ?, ?) as filed(account, octets, messages) where id = account""";

    private final Map<UUID, Account> accounts = new HashMap<>();

    private AccountLedger() {
    }

    private static final class Account {
        private final boolean enabled;
        private long room;
        private long octets;
        private long messages;

        private Account(boolean enabled, long room) {
            this.enabled = enabled;
            this.room = room;
        }
    }

    /** Locks the accounts until the transaction ends. */
    public static AccountLedger lock(Connection connection, Collection<UUID> ids) throws SQLException {
        AccountLedger ledger = new AccountLedger();
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setArray(1, uuids(connection, ids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ledger.accounts.put(row.getObject("id", UUID.class),
                            new Account(row.getBoolean("enabled"), row.getLong("room")));
                }
            }
        }
        return ledger;
    }

    /** Whether the account is there still. */
    public boolean has(UUID accountId) {
        return accounts.containsKey(accountId);
    }

    /** Whether the maildrop, which is there, takes a mail of so many octets. */
    public boolean hasRoom(UUID accountId, long octets) {
        return octets <= accounts.get(accountId).room;
    }

    /** Why the delivery cannot be; empty if the maildrop takes a mail of so many octets. */
    Optional<FailedRecipient> refusal(LocalDelivery delivery, long octets) {
        Account account = accounts.get(delivery.accountId());
        if (account == null) {
            return Optional.of(failed(delivery, "5.1.1", "550 5.1.1 The account was deleted before the mail arrived"));
        }
        if (!account.enabled) {
            return Optional.of(failed(delivery, "5.2.1", "550 5.2.1 The account is disabled"));
        }
        return hasRoom(delivery.accountId(), octets) ? Optional.empty()
                : Optional.of(failed(delivery, "5.2.2", "552 5.2.2 The maildrop is full"));
    }

    /** Counts a mail that the maildrop takes. */
    public void file(UUID accountId, long octets) {
        Account account = accounts.get(accountId);
        account.room -= octets;
        account.octets += octets;
        account.messages++;
    }

    /** Writes the sums. */
    public void save(Connection connection) throws SQLException {
        List<Map.Entry<UUID, Account>> changed = accounts.entrySet().stream()
                .filter(account -> account.getValue().messages > 0).toList();
        if (changed.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(SAVE)) {
            statement.setArray(1, uuids(connection, changed.stream().map(Map.Entry::getKey).toList()));
            statement.setArray(2, longs(connection, changed.stream().map(account -> account.getValue().octets).toList()));
            statement.setArray(3, longs(connection, changed.stream().map(account -> account.getValue().messages).toList()));
            statement.executeUpdate();
        }
    }

    private static FailedRecipient failed(LocalDelivery delivery, String status, String diagnosticCode) {
        return new FailedRecipient(delivery.originalRecipient(), delivery.finalRecipient(), status, diagnosticCode);
    }
}
