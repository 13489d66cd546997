package org.postbus.mailbox.maildrop;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.postbus.mailbox.database.Database;

/**
 * Runs of small messages, one after the other in listing order, for sessions that read a maildrop from end to end: one
 * statement for all of them. A run is held in memory while it is answered, and so is bounded.
 */
public final class MessageRuns {

    /** Octets of messages in a run; a message over it is in none. */
    static final int MAX_OCTETS = 256 * 1024;
    /** Messages in a run. */
    static final int MAX_MESSAGES = 1024;

    private static final String READ = """
            select run.mail_id, run.octets, chunk.data
              from maildrop_lock held
              left join lateral (
                   select mail_id, octets, seq, sum(octets) over (order by seq) as until_here
                     from (select mail_id, octets, seq from entry
                            where account_id = held.account_id
                              and seq >= (select seq from entry where account_id = held.account_id and mail_id = ?)
                            order by seq limit ?) following) run on until_here <= ?
              left join content_chunk chunk on chunk.mail_id = run.mail_id
                   and (? or not exists (select from content where content.mail_id = run.mail_id and international))
             where held.session_id = ?
             order by run.seq, chunk.n, chunk.piece""";

    private final Database database;

    public MessageRuns(Database database) {
        this.database = database;
    }

    /**
     * The run that begins with a message.
     *
     * @param count messages at most
     * @param utf8  whether the session is in UTF-8 mode
     * @return each message's head, as in a {@link Snapshot}, and its octets; without the messages that the maildrop has
     *         not, or not whole, or that need UTF-8 mode. Empty if the session has no lock
     */
    Optional<byte[]> read(UUID sessionId, UUID first, int count, boolean utf8) {
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(READ)) {
                statement.setObject(1, first);
                statement.setInt(2, Math.clamp(count, 0, MAX_MESSAGES));
                statement.setLong(3, MAX_OCTETS);
                statement.setBoolean(4, utf8);
                statement.setObject(5, sessionId);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(messages(row)) : Optional.empty();
                }
            }
        });
    }

    /** @param row at the first */
    private static byte[] messages(ResultSet row) throws SQLException {
        List<byte[]> pieces = new ArrayList<>();
        boolean more = row.getObject(1) != null;
        while (more) {
            UUID mailId = row.getObject(1, UUID.class);
            long octets = row.getLong(2);
            int start = pieces.size();
            pieces.add(head(mailId, octets));
            long missing = octets;
            do {
                byte[] data = row.getBytes(3);
                if (data != null) {
                    pieces.add(data);
                    missing -= data.length;
                }
                more = row.next();
            } while (more && row.getObject(1, UUID.class).equals(mailId));
            if (missing != 0) {
                pieces.subList(start, pieces.size()).clear();
            }
        }
        return joined(pieces);
    }

    private static byte[] head(UUID mailId, long octets) {
        return ByteBuffer.allocate(Snapshot.MESSAGE_OCTETS).putLong(mailId.getMostSignificantBits())
                .putLong(mailId.getLeastSignificantBits()).putLong(octets).array();
    }

    private static byte[] joined(List<byte[]> pieces) {
        ByteBuffer all = ByteBuffer.allocate(pieces.stream().mapToInt(piece -> piece.length).sum());
        pieces.forEach(all::put);
        return all.array();
    }
}
