package org.postbus.mailbox.maildrop;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.UUID;
import org.postbus.mailbox.database.Database;

/** What a session may read: the messages of the maildrop that it has the lock of. */
public final class SessionContents {

    private static final String FIND = """
            select octets from maildrop_lock
              left join entry on entry.account_id = maildrop_lock.account_id and mail_id = ?
             where session_id = ?""";

    private final Database database;

    public SessionContents(Database database) {
        this.database = database;
    }

    /** Whether a session may read a message. */
    sealed interface Access {
    }

    /** It may. */
    record Found(long octets) implements Access {
    }

    /** The maildrop has no such message. */
    record NotThere() implements Access {
    }

    /** The session has no lock. */
    record Ended() implements Access {
    }

    Access find(UUID sessionId, UUID mailId) {
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(FIND)) {
                statement.setObject(1, mailId);
                statement.setObject(2, sessionId);
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        return new Ended();
                    }
                    long octets = row.getLong(1);
                    return row.wasNull() ? new NotThere() : new Found(octets);
                }
            }
        });
    }
}
