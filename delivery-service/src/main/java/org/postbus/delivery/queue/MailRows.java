package org.postbus.delivery.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.postbus.events.ContractViolation;
import org.postbus.events.MailCodec;

/** Reads the table {@code mail}. */
public final class MailRows {

    private static final Logger LOG = Logger.getLogger(MailRows.class);

    private static final String READ = """
            SELECT mail_id, envelope, octets, chunks, eight_bit FROM mail WHERE mail_id = ANY (?)""";
    /** In order, as whoever settles recipients locks them: nobody waits in a circle. */
    private static final String LOCK = READ + " ORDER BY mail_id FOR UPDATE";

    private MailRows() {
    }

    /** Those of the mails that the queue has, and that can be read. */
    public static Map<UUID, QueuedMail> read(Connection connection, Collection<UUID> ids) throws SQLException {
        return mails(connection, READ, ids);
    }

    /** The same, and until the end of the transaction nobody else settles recipients of theirs. */
    static Map<UUID, QueuedMail> lock(Connection connection, Collection<UUID> ids) throws SQLException {
        return mails(connection, LOCK, ids);
    }

    private static Map<UUID, QueuedMail> mails(Connection connection, String sql, Collection<UUID> ids) throws SQLException {
        Map<UUID, QueuedMail> mails = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    mail(row).ifPresent(mail -> mails.put(mail.mailId(), mail));
                }
            }
        }
        return mails;
    }

    /** Empty where the envelope cannot be read, which is told to the log. */
    static Optional<QueuedMail> mail(ResultSet row) throws SQLException {
        UUID id = row.getObject(1, UUID.class);
        try {
            return Optional.of(new QueuedMail(MailCodec.ACCEPTED.envelope(row.getBytes(2), id), row.getLong(3), row.getInt(4),
                    row.getBoolean(5)));
        } catch (ContractViolation e) {
            LOG.errorf("the envelope of mail %s in the queue cannot be read: %s", id, e.getMessage());
            return Optional.empty();
        }
    }
}
