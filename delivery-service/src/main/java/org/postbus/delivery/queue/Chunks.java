package org.postbus.delivery.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Reads the octets of queued mails, a chunk at a time. */
public final class Chunks {

    private static final String READ = "SELECT data FROM chunk WHERE mail_id = ? AND n = ?";

    private final DataSource dataSource;

    public Chunks(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** A chunk; empty where the mail is no longer in the queue. */
    public Optional<byte[]> read(UUID mailId, int n) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return read(connection, mailId, n);
        }
    }

    static Optional<byte[]> read(Connection connection, UUID mailId, int n) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setObject(1, mailId);
            statement.setInt(2, n);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
            }
        }
    }
}
