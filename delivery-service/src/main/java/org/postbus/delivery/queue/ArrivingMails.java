package org.postbus.delivery.queue;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.postbus.events.ContractViolation;
import org.postbus.events.Envelope;
import org.postbus.events.MailCodec;
import org.postbus.events.MailRecord;

/** Large mails that come into the queue chunk by chunk: their recipients are due when the closing record has made the mail. */
public final class ArrivingMails {

    private static final String OPEN = """
            INSERT INTO mail (mail_id, envelope, octets, chunks, eight_bit, complete) VALUES (?, ?, 0, 0, false, false)
            ON CONFLICT DO NOTHING""";
    private static final String CHUNK = """
            INSERT INTO chunk (mail_id, n, data)
            SELECT mail_id, ?, ? FROM mail WHERE mail_id = ? AND NOT complete ON CONFLICT DO NOTHING""";
    private static final String ARRIVING = "SELECT envelope FROM mail WHERE mail_id = ? AND NOT complete FOR UPDATE";
    private static final String OCTETS = "SELECT data FROM chunk WHERE mail_id = ? AND n = ?";
    private static final String COMPLETE = """
            UPDATE mail SET complete = true, envelope = ?, octets = ?, chunks = ?, eight_bit = ? WHERE mail_id = ?""";
    private static final String DUE = "UPDATE recipient SET next_attempt_at = ?::timestamptz WHERE mail_id = ?";

    private static final String SWEEP = """
            WITH gone AS (
                DELETE FROM mail WHERE NOT complete AND NOT EXISTS (SELECT FROM route WHERE route.mail_id = mail.mail_id)
                RETURNING mail_id),
            octets AS (DELETE FROM chunk USING gone WHERE chunk.mail_id = gone.mail_id)
            DELETE FROM recipient USING gone WHERE recipient.mail_id = gone.mail_id""";

    private final Connection connection;

    /** @param connection in whose transaction all of it happens */
    public ArrivingMails(Connection connection) {
        this.connection = connection;
    }

    /** The first chunk; one that comes again changes nothing. */
    public void open(Envelope envelope, byte[] data, List<QueuedRecipient> recipients) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OPEN)) {
            statement.setObject(1, envelope.mailId());
            statement.setBytes(2, MailCodec.ACCEPTED.envelopeJson(envelope));
            if (statement.executeUpdate() == 0) {
                return;
            }
        }
        RecipientRows rows = new RecipientRows();
        recipients.forEach(rows::addLater);
        rows.insert(connection);
        chunk(envelope.mailId(), 0, data);
    }

    /** A chunk of a mail that still arrives; of any other it is a repetition. */
    public void chunk(UUID mailId, int n, byte[] data) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CHUNK)) {
            statement.setInt(1, n);
            statement.setBytes(2, data);
            statement.setObject(3, mailId);
            statement.executeUpdate();
        }
    }

    /**
     * Makes the mail.
     *
     * @throws ContractViolation the chunks are not those that the closing record tells of
     */
    public void close(MailRecord.Closing<?> closing, Instant now) throws SQLException, ContractViolation {
        UUID mailId = closing.mailId();
        try (PreparedStatement statement = connection.prepareStatement(ARRIVING)) {
            statement.setObject(1, mailId);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    Envelope envelope = MailCodec.ACCEPTED.envelope(row.getBytes(1), mailId);
                    complete(closing, envelope.with(closing.edits()), verified(closing));
                    due(mailId, now);
                }
            }
        }
    }

    /** Removes mails whose closing record will never come: their routes are forgotten. */
    public static void sweep(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SWEEP)) {
            statement.executeUpdate();
        }
    }

    private void complete(MailRecord.Closing<?> closing, Envelope envelope, boolean eightBit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COMPLETE)) {
            statement.setBytes(1, MailCodec.ACCEPTED.envelopeJson(envelope));
            statement.setLong(2, closing.octets());
            statement.setInt(3, closing.chunks());
            statement.setBoolean(4, eightBit);
            statement.setObject(5, closing.mailId());
            statement.executeUpdate();
        }
    }

    private void due(UUID mailId, Instant now) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DUE)) {
            statement.setString(1, now.toString());
            statement.setObject(2, mailId);
            statement.executeUpdate();
        }
    }

    /** Whether there are octets above 127 in it; one chunk is in memory at a time. */
    private boolean verified(MailRecord.Closing<?> closing) throws SQLException, ContractViolation {
        MessageDigest sha256 = sha256();
        long octets = 0;
        boolean eightBit = false;
        try (PreparedStatement statement = connection.prepareStatement(OCTETS)) {
            statement.setObject(1, closing.mailId());
            for (int n = 0; n < closing.chunks(); n++) {
                statement.setInt(2, n);
                byte[] data = one(statement);
                sha256.update(data);
                octets += data.length;
                eightBit |= Octets.eightBit(data);
            }
        }
        if (octets != closing.octets() || !HexFormat.of().formatHex(sha256.digest()).equals(closing.sha256())) {
            throw new ContractViolation("the chunks are not those of the closing record");
        }
        return eightBit;
    }

    private static byte[] one(PreparedStatement statement) throws SQLException, ContractViolation {
        try (ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new ContractViolation("a chunk before the closing record is missing");
            }
            return row.getBytes(1);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
