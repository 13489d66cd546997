package org.postbus.mailbox.database;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;

/** Array parameters, so that one statement serves a batch: {@code from unnest(?, ?)}. */
public final class SqlArrays {

    private SqlArrays() {
    }

    public static Array uuids(Connection connection, Collection<UUID> values) throws SQLException {
        return connection.createArrayOf("uuid", values.toArray());
    }

    public static Array texts(Connection connection, Collection<String> values) throws SQLException {
        return connection.createArrayOf("text", values.toArray(String[]::new));
    }

    public static Array longs(Connection connection, Collection<Long> values) throws SQLException {
        return connection.createArrayOf("int8", values.toArray(Long[]::new));
    }

    public static Array integers(Connection connection, Collection<Integer> values) throws SQLException {
        return connection.createArrayOf("int4", values.toArray(Integer[]::new));
    }

    public static Array booleans(Connection connection, Collection<Boolean> values) throws SQLException {
        return connection.createArrayOf("bool", values.toArray(Boolean[]::new));
    }

    public static Array octets(Connection connection, Collection<byte[]> values) throws SQLException {
        return connection.createArrayOf("bytea", values.toArray(byte[][]::new));
    }

    public static Array instants(Connection connection, Collection<Instant> values) throws SQLException {
        return connection.createArrayOf("timestamptz", values.stream().map(Instant::toString).toArray(String[]::new));
    }
}
