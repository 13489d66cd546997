package org.postbus.delivery.queue;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.postbus.events.Envelope;
import org.postbus.events.MailCodec;

/**
 * Puts mails in one piece into the queue, all those of a batch with three statements, in the transaction of their routing
 * decision. A mail that the queue has, or had a short while ago, is not put into it again.
 */
public final class Enqueuing {

    private static final String MAILS = """
            INSERT INTO mail (mail_id, envelope, octets, chunks, eight_bit, complete)
            SELECT mail_id, envelope, octets, 1, eight_bit, true
            FROM unnest(?::uuid[], ?::bytea[], ?::bigint[], ?::boolean[]) AS new (mail_id, envelope, octets, eight_bit)
            ON CONFLICT DO NOTHING RETURNING mail_id""";
    private static final String CHUNKS = """
            INSERT INTO chunk (mail_id, n, data) SELECT mail_id, 0, data FROM unnest(?::uuid[], ?::bytea[]) AS new (mail_id, data)""";

    private final List<Arrived> arrived = new ArrayList<>();

    /**
     * A mail on its way into the queue.
     *
     * @param claim the instance that will attempt it at once, without a claim of its own; empty for whoever comes first
     */
    public record Arrived(QueuedMail mail, byte[] data, List<QueuedRecipient> recipients, Optional<UUID> claim) {
    }

    public void add(Arrived mail) {
        arrived.add(mail);
    }

    /** Writes them; those that the queue had already are left out of the answer. */
    public List<Arrived> write(Connection connection) throws SQLException {
        if (arrived.isEmpty()) {
            return List.of();
        }
        Set<UUID> fresh = mails(connection);
        List<Arrived> written = arrived.stream().filter(one -> fresh.remove(one.mail().mailId())).toList();
        try (PreparedStatement statement = connection.prepareStatement(CHUNKS)) {
            statement.setArray(1, uuids(connection, written.stream().map(one -> one.mail().mailId()).toList()));
            statement.setArray(2, connection.createArrayOf("bytea", written.stream().map(Arrived::data).toArray(byte[][]::new)));
            statement.executeUpdate();
        }
        RecipientRows rows = new RecipientRows();
        written.forEach(one -> one.recipients().forEach(recipient -> rows.add(recipient, one.claim(), recipient.queuedAt())));
        rows.insert(connection);
        return written;
    }

    private Set<UUID> mails(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MAILS)) {
            List<QueuedMail> mails = arrived.stream().map(Arrived::mail).toList();
            statement.setArray(1, uuids(connection, mails.stream().map(QueuedMail::mailId).toList()));
            statement.setArray(2, connection.createArrayOf("bytea", mails.stream().map(mail -> json(mail.envelope()))
                    .toArray(byte[][]::new)));
            statement.setArray(3, connection.createArrayOf("bigint", mails.stream().map(QueuedMail::octets).toArray()));
            statement.setArray(4, connection.createArrayOf("boolean", mails.stream().map(QueuedMail::eightBit).toArray()));
            Set<UUID> fresh = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    fresh.add(rows.getObject(1, UUID.class));
                }
            }
            return fresh;
        }
    }

    private static byte[] json(Envelope envelope) {
        return MailCodec.ACCEPTED.envelopeJson(envelope);
    }

    private static Array uuids(Connection connection, List<UUID> ids) throws SQLException {
        return connection.createArrayOf("uuid", ids.toArray());
    }
}
