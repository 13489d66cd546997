package org.postbus.mailbox.directory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.postbus.events.DirectoryCodec;
import org.postbus.events.directory.DirectoryChange;
import org.postbus.events.directory.DirectoryEntry;

/** Publishes anew what the tables have and the event log has not: a Kafka that came back without its topics. */
final class LostDirectory {

    /** What waits in the outbox is published anyway. */
    private static final String ENTRIES = """
            select * from (
                select 'domain:' || name as key, name, version, null::uuid, false, postmaster, null::text[] from domain
                union all select 'address:' || address, address, version, id, enabled, null, null from account
                union all select 'address:' || address, address, version, null, false, null, targets from alias) as entry
             where not exists (select from outbox where topic = 'mail.directory' and key = convert_to(entry.key, 'UTF8'))
             order by version""";
    private static final int ROWS_AT_A_TIME = 1000;

    private final Outbox outbox;

    LostDirectory(Outbox outbox) {
        this.outbox = outbox;
    }

    /**
     * Puts the entries into the outbox, each under the version that it has.
     *
     * @param published the last version of each key on the log
     * @return how many there were
     */
    int publishAnew(Connection connection, Map<String, Long> published) throws SQLException {
        int lacking = 0;
        try (PreparedStatement query = connection.prepareStatement(ENTRIES)) {
            query.setFetchSize(ROWS_AT_A_TIME);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    if (published.getOrDefault(row.getString(1), -1L) < row.getLong(3)) {
                        outbox.add(connection, row.getLong(3), DirectoryCodec.encode(entry(row), DirectoryLog.SOURCE));
                        lacking++;
                    }
                }
            }
        }
        return lacking;
    }

    private static DirectoryEntry entry(ResultSet row) throws SQLException {
        String name = row.getString(2);
        long version = row.getLong(3);
        UUID account = row.getObject(4, UUID.class);
        if (!row.getString(1).startsWith(DirectoryChange.addressKey(""))) {
            return new DirectoryEntry.Domain(name, version, Optional.ofNullable(row.getString(6)));
        }
        return account != null ? new DirectoryEntry.Account(name, version, account, row.getBoolean(5))
                : new DirectoryEntry.Alias(name, version, targets(row));
    }

    private static List<String> targets(ResultSet row) throws SQLException {
        return Arrays.asList((String[]) row.getArray(7).getArray());
    }
}
