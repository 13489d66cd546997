package org.postbus.mailbox.directory;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.postbus.events.DirectoryCodec;
import org.postbus.events.directory.DirectoryChange;
import org.postbus.events.directory.DirectoryEntry;

/** Tells what the tables have and the event log has not. Publishes it anew where the log has lost it: a Kafka without its topics. */
final class LostDirectory {

    /** The row of the outbox that is sent before all others: the sequence begins at 1. */
    static final long FIRST = 0;

    /** What waits in the outbox is published anyway. */
    private static final String ENTRIES = """
            select * from (
                select 'domain:' || name as key, name, version, null::uuid, false, postmaster, null::text[] from domain
                union all select 'address:' || address, address, version, id, enabled, null, null from account
                union all select 'address:' || address, address, version, null, false, null, targets from alias) as entry
             where not exists (select from outbox where topic = 'mail.directory' and key = convert_to(entry.key, 'UTF8'))
             order by version""";
    private static final String UNMARK = "delete from outbox where topic = 'mail.directory' and key = ?";
    private static final int ROWS_AT_A_TIME = 1000;

    private final Outbox outbox;

    LostDirectory(Outbox outbox) {
        this.outbox = outbox;
    }

    /**
     * The entries that were published and deleted so long ago that the log does not have even the deletion. What is newer than all that
     * the log has is not among them: its end was lost.
     *
     * @param published the last version of each key on the log, on which all was published that does not wait
     */
    List<DirectoryChange> deleted(Connection connection, Map<String, Long> published) throws SQLException {
        long end = published.values().stream().mapToLong(Long::longValue).max().orElse(-1);
        List<DirectoryChange> deleted = new ArrayList<>();
        forEach(connection, row -> {
            String key = row.getString(1);
            if (!published.containsKey(key) && row.getLong(3) < end) {
                deleted.add(new DirectoryChange.Deleted(key, row.getLong(3)));
            }
        });
        return deleted;
    }

    /**
     * Puts the entries into the outbox, each under the version that it has, and around all that waits there
     * {@link DirectoryChange.Rebuilding} and its end.
     *
     * @param published the last version of each key on the log
     * @param always    whether the log has to tell even where it lacks nothing: that it is whole
     * @return how many there were
     */
    int publishAnew(Connection connection, Map<String, Long> published, boolean always) throws SQLException {
        AtomicInteger lacking = new AtomicInteger();
        forEach(connection, row -> {
            if (published.getOrDefault(row.getString(1), -1L) < row.getLong(3)) {
                outbox.add(connection, row.getLong(3), DirectoryCodec.encode(entry(row), DirectoryLog.SOURCE));
                lacking.incrementAndGet();
            }
        });
        if (always || lacking.get() > 0) {
            mark(connection);
        }
        return lacking.get();
    }

    private void mark(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(UNMARK)) {
            statement.setBytes(1, DirectoryChange.Rebuilding.KEY.getBytes(StandardCharsets.UTF_8));
            statement.executeUpdate();
        }
        long begin = outbox.nextId(connection);
        outbox.add(connection, FIRST, DirectoryCodec.encode(new DirectoryChange.Rebuilding(begin), DirectoryLog.SOURCE));
        long end = outbox.nextId(connection);
        outbox.add(connection, end, DirectoryCodec.encodeDeletion(DirectoryChange.Rebuilding.KEY, end, DirectoryLog.SOURCE));
    }

    private static void forEach(Connection connection, RowReader reader) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(ENTRIES)) {
            query.setFetchSize(ROWS_AT_A_TIME);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    reader.read(row);
                }
            }
        }
    }

    private interface RowReader {

        void read(ResultSet row) throws SQLException;
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
