package org.postbus.mailbox.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Transactions on the service's PostgreSQL. Blocks; for virtual threads and the service's own threads. */
public final class Database {

    /** What is done with a connection. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Before another statement and sent with it, it costs no round trip; what is sent together is one transaction. */
    private static final String RELAXED = "select set_config('synchronous_commit', 'off', true); ";

    private final DataSource source;

    public Database(DataSource source) {
        this.source = source;
    }

    /** The data source itself, for those who own their transactions. */
    public DataSource source() {
        return source;
    }

    /**
     * One statement on its own, or several that need no common view.
     *
     * @throws DatabaseFailure where PostgreSQL fails
     */
    public <T> T query(Work<T> work) {
        try (Connection connection = source.getConnection()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
    }

    /**
     * A durable transaction; rolled back if the work throws.
     *
     * @throws DatabaseFailure where PostgreSQL fails
     */
    public <T> T transaction(Work<T> work) {
        return transaction(work, "");
    }

    /**
     * A transaction that a power cut may lose: for leases and the like, where the loss does no harm.
     *
     * @throws DatabaseFailure where PostgreSQL fails
     */
    public <T> T relaxed(Work<T> work) {
        return transaction(work, "set local synchronous_commit = off");
    }

    /**
     * One update that a power cut may lose, in one round trip.
     *
     * @return rows
     * @throws DatabaseFailure where PostgreSQL fails
     */
    public int relaxedUpdate(String sql, Object... parameters) {
        return query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(RELAXED + sql)) {
                for (int n = 0; n < parameters.length; n++) {
                    statement.setObject(n + 1, parameters[n]);
                }
                statement.execute();
                statement.getMoreResults();
                return statement.getUpdateCount();
            }
        });
    }

    /**
     * A transaction that sees one moment and writes nothing.
     *
     * @throws DatabaseFailure where PostgreSQL fails
     */
    public <T> T snapshot(Work<T> work) {
        return transaction(work, "set transaction isolation level repeatable read, read only");
    }

    private <T> T transaction(Work<T> work, String first) {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            return committed(connection, work, first);
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
    }

    private static <T> T committed(Connection connection, Work<T> work, String first) throws SQLException {
        boolean done = false;
        try {
            if (!first.isEmpty()) {
                execute(connection, first);
            }
            T result = work.on(connection);
            connection.commit();
            done = true;
            return result;
        } finally {
            if (!done) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
