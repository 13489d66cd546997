package org.postbus.mailbox.directory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postbus.consumer.InfrastructureFailure;

/**
 * Whether the tables of the directory have every change that was ever published. A database that was restored to a point in time lacks
 * the later ones until {@link RestoredDirectory} has brought them back, and it comes back only by a start of its server. Beside the
 * server's life it is remembered which topic they were compared with: another one may lack what they have.
 */
public final class DirectoryLife {

    private static final String KNOWN = "select exists (select from directory_life where server_start = pg_postmaster_start_time())";
    private static final String KNOWN_WITH = """
            select exists (select from directory_life where server_start = pg_postmaster_start_time() and topic = ?)""";
    private static final String SAME_TOPIC = "select exists (select from directory_life where topic = ?)";
    private static final String FORGET = "delete from directory_life";
    private static final String REMEMBER = "insert into directory_life (server_start, topic) select pg_postmaster_start_time(), ?";

    private DirectoryLife() {
    }

    /** Whether they were compared in the server's present life. */
    static boolean isKnown(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(KNOWN)) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** Whether they were compared in the server's present life, and with this topic. */
    static boolean isKnown(Connection connection, String topic) throws SQLException {
        return ask(connection, KNOWN_WITH, topic);
    }

    /** Whether this is the topic that they were compared with last, in whichever life. */
    static boolean isSameTopic(Connection connection, String topic) throws SQLException {
        return ask(connection, SAME_TOPIC, topic);
    }

    /**
     * For whoever finds that an account is gone.
     *
     * @throws InfrastructureFailure it may yet come back: to be tried again
     */
    public static void require(Connection connection) throws SQLException {
        if (!isKnown(connection)) {
            throw new InfrastructureFailure("an account is missing, and the directory is not compared with the event log yet");
        }
    }

    static void remember(Connection connection, String topic) throws SQLException {
        try (Statement forget = connection.createStatement(); PreparedStatement remember = connection.prepareStatement(REMEMBER)) {
            forget.execute(FORGET);
            remember.setString(1, topic);
            remember.execute();
        }
    }

    private static boolean ask(Connection connection, String query, String topic) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, topic);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
