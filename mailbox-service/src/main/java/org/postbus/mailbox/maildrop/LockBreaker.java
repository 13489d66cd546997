package org.postbus.mailbox.maildrop;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.postbus.mailbox.database.Database;

/** Shows operators who has which maildrop, and takes a lock away without breaking what its session promised. */
public final class LockBreaker {

    private static final String LIST = """
            select session_id, address, gateway, client, opened_at, expires_at, revoked, account_id
              from maildrop_lock join account on account.id = account_id
             where session_id > ? order by session_id limit ?""";
    private static final String REVOKE = """
            update maildrop_lock set revoked = true from account where session_id = ? and account.id = account_id
            returning session_id, address, gateway, client, opened_at, expires_at, revoked, account_id""";
    private static final UUID FIRST = new UUID(0, 0);

    private final Database database;
    private final MaildropSessions sessions;

    public LockBreaker(Database database, MaildropSessions sessions) {
        this.database = database;
        this.sessions = sessions;
    }

    List<SessionView> list(Optional<UUID> after, int limit) {
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LIST)) {
                statement.setObject(1, after.orElse(FIRST));
                statement.setInt(2, limit);
                return sessions(statement);
            }
        });
    }

    /** From now on the lease is not renewed; empty if the session has no lock. */
    Optional<SessionView> revoke(UUID sessionId) {
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(REVOKE)) {
                statement.setObject(1, sessionId);
                return sessions(statement).stream().findFirst();
            }
        });
    }

    /** Fences the session if its lease is over; false if it still runs. */
    boolean release(SessionView session) {
        return sessions.fence(session.accountId(), session.sessionId());
    }

    private static List<SessionView> sessions(PreparedStatement statement) throws SQLException {
        List<SessionView> sessions = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                sessions.add(new SessionView(row.getObject("session_id", UUID.class), row.getString("address"),
                        row.getString("gateway"), row.getString("client"),
                        row.getObject("opened_at", OffsetDateTime.class).toInstant(),
                        row.getObject("expires_at", OffsetDateTime.class).toInstant(), row.getBoolean("revoked"),
                        row.getObject("account_id", UUID.class)));
            }
        }
        return sessions;
    }
}
