package org.postbus.mailbox.directory;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postbus.consumer.InfrastructureFailure;

/**
 * Whether the tables of the directory have every change that was ever published. A database that was restored to a point in time lacks
 * the later ones until {@link RestoredDirectory} has brought them back, and it comes back only by a start of its server.
 */
public final class DirectoryLife {

    private static final String KNOWN = "select exists (select from directory_life where server_start = pg_postmaster_start_time())";
    private static final String REMEMBER = """
            delete from directory_life;
            insert into directory_life select pg_postmaster_start_time()""";

    private DirectoryLife() {
    }

    /** Whether they were compared in the server's present life. */
    static boolean isKnown(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(KNOWN)) {
            return row.next() && row.getBoolean(1);
        }
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

    static void remember(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(REMEMBER);
        }
    }
}
