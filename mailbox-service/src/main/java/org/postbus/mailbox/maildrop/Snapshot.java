package org.postbus.mailbox.maildrop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.postbus.mailbox.database.Database;

/**
 * The messages of a maildrop at one moment, in listing order, 24 octets each: mail id and size, big-endian.
 *
 * <p>Small maildrops are one page and one query. The pages of a large one are read while they are sent, without a
 * transaction that would last as long as its reader: later mail stands behind the last page, because within a
 * maildrop the filing sequence is in commit order, and if a message was deleted meanwhile the sending fails.
 */
public final class Snapshot {

    /** Octets of a message. */
    public static final int MESSAGE_OCTETS = 24;

    /** Messages of a page. */
    static final int PAGE = 4096;

    private static final String READ = """
            select seq, mail_id, octets from entry where account_id = ? and seq > ? and seq <= ? order by seq limit ?""";
    private static final String COUNT = """
            select count(*), coalesce(sum(octets), 0), coalesce(max(seq), 0) from entry where account_id = ?""";

    private final Database database;
    private final UUID accountId;
    private final Totals totals;
    private final Page first;

    private record Totals(long messages, long octets, long last) {
    }

    /** A part of it, read by one statement. */
    record Page(byte[] messages, int count, long octets, long last) {
    }

    private Snapshot(Database database, UUID accountId, Totals totals, Page first) {
        this.database = database;
        this.accountId = accountId;
        this.totals = totals;
        this.first = first;
    }

    static Snapshot of(Database database, UUID accountId) {
        return from(database, accountId, database.query(connection -> page(connection, accountId, 0, Long.MAX_VALUE)), PAGE);
    }

    /**
     * @param only the first page, with luck the only one
     * @param full how many messages a page has that may not be the only one
     */
    static Snapshot from(Database database, UUID accountId, Page only, int full) {
        if (only.count < full) {
            return new Snapshot(database, accountId, new Totals(only.count, only.octets, only.last), only);
        }
        return database.snapshot(connection -> new Snapshot(database, accountId, totals(connection, accountId),
                page(connection, accountId, 0, Long.MAX_VALUE)));
    }

    /** How many messages. */
    public long messages() {
        return totals.messages;
    }

    /** The sum of their octets. */
    public long octets() {
        return totals.octets;
    }

    /** All of it, where it is one page. */
    Optional<byte[]> inOnePage() {
        return first.count == totals.messages ? Optional.of(first.messages) : Optional.empty();
    }

    /** @throws IOException the reader does not take it, or a message went while it was sent */
    public void writeTo(OutputStream out) throws IOException {
        out.write(first.messages);
        long sent = first.count;
        Page page = first;
        while (page.count == PAGE) {
            long after = page.last;
            page = database.query(connection -> page(connection, accountId, after, totals.last));
            out.write(page.messages);
            sent += page.count;
        }
        if (sent != totals.messages) {
            throw new IOException("messages were deleted while the maildrop was listed");
        }
    }

    private static Page page(Connection connection, UUID accountId, long after, long upTo) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setObject(1, accountId);
            statement.setLong(2, after);
            statement.setLong(3, upTo);
            statement.setInt(4, PAGE);
            PageBuilder page = new PageBuilder(after);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    page.add(row.getLong(1), row.getObject(2, UUID.class), row.getLong(3));
                }
            }
            return page.page();
        }
    }

    /** Puts a page together, message by message. */
    static final class PageBuilder {

        private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
        private final ByteBuffer message = ByteBuffer.allocate(MESSAGE_OCTETS);
        private long octets;
        private long last;

        /** @param after the sequence behind which the page begins */
        PageBuilder(long after) {
            last = after;
        }

        void add(long seq, UUID mailId, long messageOctets) {
            message.clear().putLong(mailId.getMostSignificantBits()).putLong(mailId.getLeastSignificantBits())
                    .putLong(messageOctets);
            messages.writeBytes(message.array());
            octets += messageOctets;
            last = seq;
        }

        Page page() {
            return new Page(messages.toByteArray(), messages.size() / MESSAGE_OCTETS, octets, last);
        }
    }

    private static Totals totals(Connection connection, UUID accountId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
            statement.setObject(1, accountId);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Totals(row.getLong(1), row.getLong(2), row.getLong(3));
            }
        }
    }
}
