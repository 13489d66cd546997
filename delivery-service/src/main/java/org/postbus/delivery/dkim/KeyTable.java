package org.postbus.delivery.dkim;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table {@code dkim_key}. */
final class KeyTable {

    private static final String COLUMNS =
            "id, domain, selector, algorithm, public_key, state, created_at, activated_at, retired_at";
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('dkim_key ' || ?, 0))";
    private static final String INSERT = "INSERT INTO dkim_key (id, domain, selector, algorithm, public_key, state, created_at, "
            + "nonce, private_key) VALUES (?, ?, ?, ?, ?, 'pending', ?, ?, ?) ON CONFLICT (domain, selector) DO NOTHING";
    private static final String FIND = "SELECT " + COLUMNS + " FROM dkim_key WHERE id = ?";
    private static final String LIST = "SELECT " + COLUMNS + " FROM dkim_key WHERE (?::uuid IS NULL OR id > ?) "
            + "AND (?::text IS NULL OR domain = ?) ORDER BY id LIMIT ?";
    private static final String RETIRE = "UPDATE dkim_key SET state = 'retired', retired_at = ? "
            + "WHERE domain = ? AND algorithm = ? AND state = 'active' AND id <> ?";
    private static final String ACTIVATE = "UPDATE dkim_key SET state = 'active', activated_at = ?, retired_at = NULL "
            + "WHERE id = ? AND state <> 'active'";
    private static final String DELETE = "DELETE FROM dkim_key WHERE id = ? RETURNING domain";
    private static final String ACTIVE = "SELECT selector, algorithm, nonce, private_key FROM dkim_key "
            + "WHERE domain = ? AND state = 'active' ORDER BY algorithm DESC";
    private static final String SEALED = "SELECT id, domain, selector, nonce, private_key FROM dkim_key "
            + "WHERE id > ? ORDER BY id LIMIT ?";
    private static final String RESEAL = "UPDATE dkim_key SET nonce = ?, private_key = ? WHERE id = ? AND nonce = ?";

    private final Connection connection;

    /** The private key of a row. */
    record SealedKey(String selector, DkimAlgorithm algorithm, KeyCipher.Sealed sealed) {
    }

    /** The private key of a row in any state. */
    record SealedRow(UUID id, String domain, String selector, KeyCipher.Sealed sealed) {
    }

    KeyTable(Connection connection) {
        this.connection = connection;
    }

    /** Until the end of the transaction nobody else changes which keys of the domain are active. */
    void lock(String domain) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setString(1, domain);
            statement.execute();
        }
    }

    /** @return false if the domain has a key with this selector */
    boolean insert(StoredKey key, KeyCipher.Sealed sealed) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setObject(1, key.id());
            statement.setString(2, key.domain());
            statement.setString(3, key.selector());
            statement.setString(4, key.algorithm().tag());
            statement.setBytes(5, key.publicKey());
            statement.setTimestamp(6, Timestamp.from(key.createdAt()));
            statement.setBytes(7, sealed.nonce());
            statement.setBytes(8, sealed.octets());
            return statement.executeUpdate() == 1;
        }
    }

    Optional<StoredKey> find(UUID id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setObject(1, id);
            return keys(statement).stream().findFirst();
        }
    }

    /** Keys in the order in which they were made. */
    List<StoredKey> list(Optional<UUID> after, Optional<String> domain, int atMost) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LIST)) {
            statement.setObject(1, after.orElse(null));
            statement.setObject(2, after.orElse(null));
            statement.setString(3, domain.orElse(null));
            statement.setString(4, domain.orElse(null));
            statement.setInt(5, atMost);
            return keys(statement);
        }
    }

    /** Makes this key the active one of its domain and algorithm; one that is active stays as it is. */
    void activate(StoredKey key, Instant at) throws SQLException {
        try (PreparedStatement retire = connection.prepareStatement(RETIRE);
                PreparedStatement activate = connection.prepareStatement(ACTIVATE)) {
            retire.setTimestamp(1, Timestamp.from(at));
            retire.setString(2, key.domain());
            retire.setString(3, key.algorithm().tag());
            retire.setObject(4, key.id());
            retire.executeUpdate();
            activate.setTimestamp(1, Timestamp.from(at));
            activate.setObject(2, key.id());
            activate.executeUpdate();
        }
    }

    /** @return its domain; empty if there was no such key */
    Optional<String> delete(UUID id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
            statement.setObject(1, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /** The keys that sign for a domain, RSA first. */
    List<SealedKey> active(String domain) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ACTIVE)) {
            statement.setString(1, domain);
            List<SealedKey> keys = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    keys.add(new SealedKey(row.getString(1), algorithm(row.getString(2)),
                            new KeyCipher.Sealed(row.getBytes(3), row.getBytes(4))));
                }
            }
            return keys;
        }
    }

    /** Keys in any state, in the order of their ids. */
    List<SealedRow> sealed(UUID after, int atMost) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SEALED)) {
            statement.setObject(1, after);
            statement.setInt(2, atMost);
            List<SealedRow> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(new SealedRow(row.getObject(1, UUID.class), row.getString(2), row.getString(3),
                            new KeyCipher.Sealed(row.getBytes(4), row.getBytes(5))));
                }
            }
            return rows;
        }
    }

    /** @return false if the key is gone, or was sealed anew since it was read */
    boolean reseal(SealedRow was, KeyCipher.Sealed sealed) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RESEAL)) {
            statement.setBytes(1, sealed.nonce());
            statement.setBytes(2, sealed.octets());
            statement.setObject(3, was.id());
            statement.setBytes(4, was.sealed().nonce());
            return statement.executeUpdate() == 1;
        }
    }

    private static List<StoredKey> keys(PreparedStatement statement) throws SQLException {
        List<StoredKey> keys = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                keys.add(new StoredKey(row.getObject(1, UUID.class), row.getString(2), row.getString(3), algorithm(row.getString(4)),
                        row.getBytes(5), KeyState.of(row.getString(6)), row.getTimestamp(7).toInstant(), instant(row, 8),
                        instant(row, 9)));
            }
        }
        return keys;
    }

    private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }

    private static DkimAlgorithm algorithm(String tag) throws SQLException {
        return DkimAlgorithm.of(tag).orElseThrow(() -> new SQLException("a key of the algorithm " + tag));
    }
}
