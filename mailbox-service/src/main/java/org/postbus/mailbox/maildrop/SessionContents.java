package org.postbus.mailbox.maildrop;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.UUID;
import org.postbus.mailbox.database.Database;

/** What a session may read: the messages of the maildrop that it has the lock of. */
public final class SessionContents {

    private static final String FIND = """
            select octets, exists (select from content where content.mail_id = entry.mail_id and international) and not ?
              from maildrop_lock left join entry on entry.account_id = maildrop_lock.account_id and mail_id = ?
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

    /** It has header fields that the session's client cannot read (RFC 6856, section 3). */
    record NeedsUtf8() implements Access {
    }

    /** The maildrop has no such message. */
    record NotThere() implements Access {
    }

    /** The session has no lock. */
    record Ended() implements Access {
    }

    /** @param utf8 whether the session is in UTF-8 mode */
    Access find(UUID sessionId, UUID mailId, boolean utf8) {
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(FIND)) {
                statement.setBoolean(1, utf8);
                statement.setObject(2, mailId);
                statement.setObject(3, sessionId);
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        return new Ended();
                    }
                    long octets = row.getLong(1);
                    return row.wasNull() ? new NotThere() : row.getBoolean(2) ? new NeedsUtf8() : new Found(octets);
                }
            }
        });
    }
}
