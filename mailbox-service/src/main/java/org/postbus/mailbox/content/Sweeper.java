package org.postbus.mailbox.content;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.postbus.mailbox.database.Database;
import org.postbus.mailbox.database.SqlArrays;

/**
 * Drops the octets of mails that no maildrop has any more.
 *
 * <p>A mail gets its entries in the moment of its decision and never another one, so one that has none an hour after
 * a deletion is nobody's; the hour is for those who are reading it.
 */
public final class Sweeper {

    /** Mails of one transaction. */
    public static final int BATCH = 100;

    private static final String DUE = "select mail_id from sweep_due where due_at <= now() order by due_at limit ?";
    private static final String REFERENCED = "select distinct mail_id from entry where mail_id = any(?)";
    private static final String DONE = "delete from sweep_due where mail_id = any(?)";

    private final Database database;

    public Sweeper(Database database) {
        this.database = database;
    }

    /** Sweeps a batch; returns how many mails were looked at, {@value #BATCH} if there may be more. */
    public int sweep() {
        return database.transaction(connection -> {
            Set<UUID> due = due(connection);
            if (!due.isEmpty()) {
                Set<UUID> nobodys = new LinkedHashSet<>(due);
                nobodys.removeAll(select(connection, REFERENCED, due));
                Contents.dropOctets(connection, nobodys);
                done(connection, due);
            }
            return due.size();
        });
    }

    private static Set<UUID> due(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DUE)) {
            statement.setInt(1, BATCH);
            return new LinkedHashSet<>(mailIds(statement));
        }
    }

    private static List<UUID> select(Connection connection, String sql, Set<UUID> mails) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, SqlArrays.uuids(connection, mails));
            return mailIds(statement);
        }
    }

    private static void done(Connection connection, Set<UUID> mails) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DONE)) {
            statement.setArray(1, SqlArrays.uuids(connection, mails));
            statement.executeUpdate();
        }
    }

    private static List<UUID> mailIds(PreparedStatement statement) throws SQLException {
        List<UUID> mails = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                mails.add(row.getObject(1, UUID.class));
            }
        }
        return mails;
    }
}
