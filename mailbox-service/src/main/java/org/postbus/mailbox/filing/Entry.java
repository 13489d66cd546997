package org.postbus.mailbox.filing;

import static org.postbus.mailbox.database.SqlArrays.longs;
import static org.postbus.mailbox.database.SqlArrays.uuids;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** A mail in a maildrop. */
public record Entry(UUID accountId, UUID mailId, long octets) {

    // The sequence is taken behind the accounts' locks: within a maildrop it grows in commit order.
    private static final String FILE = """
            insert into entry (account_id, mail_id, octets, seq)
            select a, m, o, nextval('filing_seq')
              from (select * from unnest(?, ?, ?) with ordinality as filed(a, m, o, n) order by n) as in_order""";

    /** Writes them in the order of the listing, while their accounts are {@linkplain AccountLedger#lock locked}. */
    public static void write(Connection connection, List<Entry> entries) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FILE)) {
            statement.setArray(1, uuids(connection, entries.stream().map(Entry::accountId).toList()));
            statement.setArray(2, uuids(connection, entries.stream().map(Entry::mailId).toList()));
            statement.setArray(3, longs(connection, entries.stream().map(Entry::octets).toList()));
            statement.executeUpdate();
        }
    }
}
