package org.postbus.mailbox.content;

import static org.postbus.mailbox.database.SqlArrays.booleans;
import static org.postbus.mailbox.database.SqlArrays.integers;
import static org.postbus.mailbox.database.SqlArrays.longs;
import static org.postbus.mailbox.database.SqlArrays.texts;
import static org.postbus.mailbox.database.SqlArrays.uuids;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Writes content, within the caller's transaction. */
public final class Contents {

    // Sorted, so that two instances that meet the same mails wait for each other in one order.
    private static final String DECIDE = """
            insert into content (mail_id, state, octets, chunks, international, header_from, header_subject, header_date)
            select m, 'filed', o, c, i, f, s, d
              from unnest(?, ?, ?, ?, ?, ?, ?) as mail(m, o, c, i, f, s, d) order by m
            on conflict do nothing returning mail_id""";
    private static final String DROP_OCTETS = "delete from content_chunk where mail_id = any(?)";
    private static final String MARK_SWEPT =
            "update content set chunks = 0, swept_at = now() where mail_id = any(?) and swept_at is null";

    private Contents() {
    }

    /**
     * Takes the decision about each mail, unless it was taken before.
     *
     * @param mails each once
     * @return the mails that are decided by this call; all others were before, and nothing must be done about them
     */
    public static Set<UUID> decide(Connection connection, List<StoredMail> mails) throws SQLException {
        List<HeaderSummary> summaries = mails.stream().map(mail -> HeaderSummary.of(mail.headerSection())).toList();
        try (PreparedStatement statement = connection.prepareStatement(DECIDE)) {
            statement.setArray(1, uuids(connection, mails.stream().map(StoredMail::mailId).toList()));
            statement.setArray(2, longs(connection, mails.stream().map(StoredMail::octets).toList()));
            statement.setArray(3, integers(connection, mails.stream().map(StoredMail::chunks).toList()));
            statement.setArray(4, booleans(connection, mails.stream().map(StoredMail::international).toList()));
            statement.setArray(5, texts(connection, summaries.stream().map(HeaderSummary::from).toList()));
            statement.setArray(6, texts(connection, summaries.stream().map(HeaderSummary::subject).toList()));
            statement.setArray(7, texts(connection, summaries.stream().map(HeaderSummary::date).toList()));
            return mailIds(statement);
        }
    }

    /** Writes the octets of mails that are one chunk each. */
    public static void write(Connection connection, List<StoredMail> mails) throws SQLException {
        try (ChunkWriter chunks = new ChunkWriter(connection)) {
            for (StoredMail mail : mails) {
                chunks.write(mail.mailId(), 0, mail.data().orElseThrow());
            }
            chunks.finish();
        }
    }

    /** Drops the octets of mails that no maildrop has; the markers stay. */
    public static void dropOctets(Connection connection, Collection<UUID> mails) throws SQLException {
        update(connection, DROP_OCTETS, mails);
        update(connection, MARK_SWEPT, mails);
    }

    private static void update(Connection connection, String sql, Collection<UUID> mails) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, uuids(connection, mails));
            statement.executeUpdate();
        }
    }

    private static Set<UUID> mailIds(PreparedStatement statement) throws SQLException {
        Set<UUID> mails = new HashSet<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                mails.add(row.getObject(1, UUID.class));
            }
        }
        return mails;
    }
}
