package org.postbus.consumer;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postbus.embedded.EmbeddedServers;
import org.postgresql.ds.PGSimpleDataSource;

/** PostgreSQL that a test can make unreachable. */
final class BreakableDataSource implements DataSource {

    private final PGSimpleDataSource postgres = new PGSimpleDataSource();
    volatile boolean broken;
    /** How many of the next commits happen without their reply reaching the client. */
    final AtomicInteger commitsWithoutReply = new AtomicInteger();

    BreakableDataSource(EmbeddedServers.Database database) {
        postgres.setUrl(database.jdbcUrl());
        postgres.setUser(database.user());
        postgres.setPassword(database.password());
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (broken) {
            throw new SQLException("connection refused, says the test", "08001");
        }
        Connection connection = postgres.getConnection();
        return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    Object result = invoke(connection, method, arguments);
                    if (method.getName().equals("commit") && commitsWithoutReply.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                        connection.close();
                        throw new SQLException("cut between COMMIT and its reply, says the test", "08006");
                    }
                    return result;
                });
    }

    private static Object invoke(Connection connection, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** A connection for the test itself. */
    Connection whole() throws SQLException {
        return postgres.getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setLoginTimeout(int seconds) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("not a wrapper");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
