package org.postbus.delivery.routing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The table {@code route}: large mails on their way. */
final class Routes {

    /** A session spends an hour in DATA at most, so a mail untouched for twice as long gets no more chunks. */
    private static final String UNTOUCHED = "interval '2 hours'";

    private static final String OPEN = """
            INSERT INTO route (mail_id, source_partition, routed_partition, last_record_at, filed, relayed) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (mail_id) DO UPDATE SET closed = false, touched_at = now(),
                last_record_at = greatest(route.last_record_at, excluded.last_record_at)
            RETURNING routed_partition, closed, filed, relayed""";
    private static final String FOLLOW = """
            UPDATE route SET touched_at = now(), last_record_at = greatest(last_record_at, ?) WHERE mail_id = ?
            RETURNING routed_partition, closed, filed, relayed""";
    private static final String CLOSE = "UPDATE route SET closed = true WHERE mail_id = ?";
    private static final String SWEEP = "DELETE FROM route WHERE source_partition = ? AND last_record_at < ? "
            + "AND touched_at < now() - " + UNTOUCHED;

    private final Connection connection;

    /**
     * @param partition of {@code mail.routed}
     * @param filed     whether the mail goes there
     * @param relayed   whether it goes into the outbound queue
     */
    record Route(int partition, boolean closed, boolean filed, boolean relayed) {
    }

    Routes(Connection connection) {
        this.connection = connection;
    }

    /** Remembers the route of a first chunk; one that is known keeps its partition and its ways. */
    Route open(UUID mailId, int sourcePartition, int routedPartition, Instant at, Routing routing) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OPEN)) {
            statement.setObject(1, mailId);
            statement.setInt(2, sourcePartition);
            statement.setInt(3, routedPartition);
            statement.setTimestamp(4, Timestamp.from(at));
            statement.setBoolean(5, routing.isFiled());
            statement.setBoolean(6, routing.isRelayed());
            return one(statement).orElseThrow(() -> new SQLException("the route just stored is gone"));
        }
    }

    /** The route of a later record; empty if no first chunk opened one, or it was swept. */
    Optional<Route> follow(UUID mailId, Instant at) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FOLLOW)) {
            statement.setTimestamp(1, Timestamp.from(at));
            statement.setObject(2, mailId);
            return one(statement);
        }
    }

    /** After the closing record. The row stays until it is swept, so that a repetition is told from an orphan. */
    void close(UUID mailId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CLOSE)) {
            statement.setObject(1, mailId);
            statement.executeUpdate();
        }
    }

    /**
     * Forgets mails whose last record is older, by the clock of their partition's log, than {@code keep}.
     *
     * @return how many
     */
    int sweep(int sourcePartition, Instant logTime, Duration keep) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SWEEP)) {
            statement.setInt(1, sourcePartition);
            statement.setTimestamp(2, Timestamp.from(logTime.minus(keep)));
            return statement.executeUpdate();
        }
    }

    private static Optional<Route> one(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(new Route(row.getInt(1), row.getBoolean(2), row.getBoolean(3), row.getBoolean(4))) : Optional.empty();
        }
    }
}
