package org.postbus.consumer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The stored positions of a service. Each service's first migration makes the table in its own schema:
 *
 * <pre>
 * CREATE TABLE position (
 *     topic        text    NOT NULL,
 *     partition    integer NOT NULL,
 *     next_offset  bigint  NOT NULL CHECK (next_offset &gt;= 0),
 *     leader_epoch integer,
 *     PRIMARY KEY (topic, partition)
 * ) WITH (fillfactor = 50);
 * </pre>
 *
 * The fill factor leaves room for in-place updates: a few rows that change with every batch.
 */
public final class Positions {

    private static final String ADVANCE =
            "UPDATE position SET next_offset = ?, leader_epoch = ? WHERE topic = ? AND partition = ? AND next_offset = ?";
    private static final String INSERT =
            "INSERT INTO position (topic, partition, next_offset) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    private static final String READ = "SELECT next_offset, leader_epoch FROM position WHERE topic = ? AND partition = ?";
    private static final String READ_ALL = "SELECT partition, next_offset, leader_epoch FROM position WHERE topic = ?";

    private Positions() {
    }

    /** How far the partition is applied by what is committed; empty if it was never consumed. */
    public static Optional<Position> read(Connection connection, String topic, int partition) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, topic);
            statement.setInt(2, partition);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(position(row)) : Optional.empty();
            }
        }
    }

    /** The positions of all partitions of a topic that were ever consumed, by partition. */
    public static Map<Integer, Position> readAll(Connection connection, String topic) throws SQLException {
        Map<Integer, Position> positions = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(READ_ALL)) {
            statement.setString(1, topic);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    positions.put(row.getInt("partition"), position(row));
                }
            }
        }
        return positions;
    }

    /** Moves the position, if it is still where it is expected, and locks it until the transaction ends. */
    static void advance(Connection connection, String topic, int partition, long expected, Position next)
            throws SQLException, PositionMoved {
        try (PreparedStatement statement = connection.prepareStatement(ADVANCE)) {
            statement.setLong(1, next.nextOffset());
            statement.setObject(2, next.leaderEpoch().orElse(null), Types.INTEGER);
            statement.setString(3, topic);
            statement.setInt(4, partition);
            statement.setLong(5, expected);
            if (statement.executeUpdate() != 1) {
                throw new PositionMoved(topic, partition, expected);
            }
        }
    }

    /** Stores a first position, unless there is one. */
    static void insert(Connection connection, String topic, int partition, long nextOffset) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, topic);
            statement.setInt(2, partition);
            statement.setLong(3, nextOffset);
            statement.executeUpdate();
        }
    }

    private static Position position(ResultSet row) throws SQLException {
        return new Position(row.getLong("next_offset"), Optional.ofNullable(row.getObject("leader_epoch", Integer.class)));
    }
}
