package org.postbus.delivery.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * This process as one of those that share the queue. Its claims stand for a lease, which it renews; when the lease ends,
 * its claims return to the queue and whatever it still does for them is recorded no more. It counts the lease by its own
 * monotonic clock from before the renewal was sent, so it gives up before others take over.
 */
public final class Instance {

    /** How long claims outlive the process that made them. */
    public static final Duration LEASE = Duration.ofSeconds(60);
    /** How often the lease is to be renewed. */
    public static final Duration RENEW_EACH = Duration.ofSeconds(10);

    /** Renewals in a row before others are buried: after an outage of PostgreSQL all leases have ended, and nobody is dead. */
    private static final int STEADY = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private static final Logger LOG = Logger.getLogger(Instance.class);

    private static final String RENEW = "UPDATE instance SET alive_until = now() + ? * interval '1 second' WHERE id = ?";
    private static final String JOIN = "INSERT INTO instance (id, name, alive_until) VALUES (?, ?, now() + ? * interval '1 second')";
    private static final String LEAVE_BY_NAME = "DELETE FROM instance WHERE name = ? AND name <> ''";
    private static final String LEAVE = "DELETE FROM instance WHERE id = ?";
    private static final String BURY = "DELETE FROM instance WHERE alive_until < now()";
    private static final String DEAD = """
            SELECT ARRAY(SELECT DISTINCT claimed_by FROM recipient
            WHERE claimed_by IS NOT NULL AND claimed_by NOT IN (SELECT id FROM instance))""";
    /** Of those known as dead before: a claim that is made meanwhile is not taken for theirs. */
    private static final String RETURN_CLAIMS = "UPDATE recipient SET claimed_by = NULL WHERE claimed_by = ANY (?)";

    private final DataSource dataSource;
    private final String name;
    private int renewals;
    private volatile Lease lease = new Lease(UUID.randomUUID(), System.nanoTime());

    private record Lease(UUID id, long endsAt) {
    }

    /** @param name under which no other process runs at a time, so that claims under it are nobody's at a start; empty for none */
    public Instance(DataSource dataSource, String name) {
        this.dataSource = dataSource;
        this.name = name;
    }

    /** What the claims of this process bear. It changes when a lease was lost. */
    public UUID id() {
        return lease.id();
    }

    /** Whether claims under that id still stand, as far as this process can know. */
    public boolean holds(UUID id) {
        Lease now = lease;
        return now.id().equals(id) && now.endsAt() - System.nanoTime() > 0;
    }

    /** Takes the lease for the first time; claims of an earlier process of the same name return to the queue. */
    public void join() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            update(connection, LEAVE_BY_NAME, name);
            renewOrJoin(connection);
        }
        returnClaims();
    }

    /** Renews the lease, and ends the leases that are over. One thread calls it, and waits for PostgreSQL no longer than a lease bears. */
    public void renew() throws SQLException {
        int inARow = renewals;
        renewals = 0;
        try (Connection connection = dataSource.getConnection()) {
            int patience = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, (int) PATIENCE.toMillis());
            try {
                renewOrJoin(connection);
                renewals = inARow + 1;
                if (renewals >= STEADY) {
                    update(connection, BURY);
                }
            } finally {
                // Whoever gets the connection next has patience of its own; one that broke is nobody's any more.
                if (!connection.isClosed()) {
                    connection.setNetworkTimeout(Runnable::run, patience);
                }
            }
        }
    }

    /** Returns to the queue what instances hold whose lease has ended. */
    public void returnClaims() throws SQLException {
        try (Connection connection = dataSource.getConnection(); PreparedStatement dead = connection.prepareStatement(DEAD);
                ResultSet row = dead.executeQuery()) {
            row.next();
            int returned = update(connection, RETURN_CLAIMS, row.getArray(1));
            if (returned > 0) {
                LOG.infof("%d recipients return to the queue: who had claimed them is gone", returned);
            }
        }
    }

    /** Gives the lease and all claims back. */
    public void leave() throws SQLException {
        UUID id = lease.id();
        lease = new Lease(UUID.randomUUID(), System.nanoTime());
        try (Connection connection = dataSource.getConnection()) {
            update(connection, LEAVE, id);
        }
        returnClaims();
    }

    private void renewOrJoin(Connection connection) throws SQLException {
        UUID id = lease.id();
        long endsAt = System.nanoTime() + LEASE.toNanos();
        if (update(connection, RENEW, LEASE.toSeconds(), id) == 0) {
            // Another instance has buried this one: what it did under the old id counts no more.
            id = UUID.randomUUID();
            update(connection, JOIN, id, name, LEASE.toSeconds());
        }
        lease = new Lease(id, endsAt);
    }

    private static int update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        }
    }
}
