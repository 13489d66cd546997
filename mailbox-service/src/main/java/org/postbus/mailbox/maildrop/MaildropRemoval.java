package org.postbus.mailbox.maildrop;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/** Takes a maildrop away together with its account. */
public final class MaildropRemoval {

    // For update: whoever is about to file into the maildrop waits, and then finds no account.
    private static final String LOCK = "select 1 from account where id = ? for update";
    private static final String ENTRIES = """
            with gone as (delete from entry where account_id = ? returning mail_id)
            insert into sweep_due (mail_id, due_at) select mail_id, now() + interval '1 hour' from gone order by mail_id
            on conflict (mail_id) do update set due_at = excluded.due_at""";
    private static final String LOCK_ROW = "delete from maildrop_lock where account_id = ?";

    private MaildropRemoval() {
    }

    /** Within the transaction that deletes the account, before it does. Content goes later, by the sweep. */
    public static void remove(Connection connection, UUID accountId) throws SQLException {
        for (String sql : new String[] {LOCK, ENTRIES, LOCK_ROW}) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setObject(1, accountId);
                statement.execute();
            }
        }
    }
}
