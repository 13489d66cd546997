package org.postbus.mailbox.filing;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.UUID;
import org.postbus.events.ContractViolation;
import org.postbus.events.MailRecord;
import org.postbus.events.Topics;
import org.postbus.mailbox.content.ChunkWriter;
import org.postbus.mailbox.content.HeaderSummary;
import org.postbus.mailbox.content.StoredMail;

/** What is known of a large mail when its closing record comes. */
sealed interface ParkedMail {

    /** No chunk ever came, or they were taken for orphans. */
    record Unknown() implements ParkedMail {
    }

    /** Its decision was taken. */
    record Decided() implements ParkedMail {
    }

    /** Its chunks are here. */
    record Waiting(byte[] envelope) implements ParkedMail {
    }

    /** Pieces that the verification holds at a time. */
    int PIECES = 64;

    static ParkedMail find(Connection connection, UUID mailId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select state, envelope from content left join parked using (mail_id) where mail_id = ?")) {
            statement.setObject(1, mailId);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return new Unknown();
                }
                return "parked".equals(row.getString("state")) ? new Waiting(row.getBytes("envelope")) : new Decided();
            }
        }
    }

    /** Compares every octet with what the closing record says, some pieces at a time. */
    static void verify(Connection connection, MailRecord.Closing<?> closing) throws ContractViolation, SQLException {
        MessageDigest digest = sha256();
        long octets = 0;
        int chunks = 0;
        try (PreparedStatement statement = connection.prepareStatement(
                "select n, data from content_chunk where mail_id = ? order by n, piece")) {
            statement.setFetchSize(PIECES);
            statement.setObject(1, closing.mailId());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    int n = row.getInt("n");
                    require(n == chunks || n == chunks - 1, "chunk " + chunks + " is missing");
                    byte[] data = row.getBytes("data");
                    digest.update(data);
                    octets += data.length;
                    chunks = n + 1;
                }
            }
        }
        require(chunks == closing.chunks(), "there are " + chunks + " chunks instead of " + closing.chunks());
        require(octets == closing.octets(), "there are " + octets + " octets instead of " + closing.octets());
        require(HexFormat.of().formatHex(digest.digest()).equals(closing.sha256()), "the SHA-256 is another");
    }

    /** The first chunk; it holds the whole header section. */
    static byte[] head(Connection connection, UUID mailId) throws SQLException {
        ByteArrayOutputStream head = new ByteArrayOutputStream(Topics.CHUNK_OCTETS);
        try (PreparedStatement statement = connection.prepareStatement(
                "select data from content_chunk where mail_id = ? and n = 0 order by piece")) {
            statement.setObject(1, mailId);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    head.writeBytes(row.getBytes(1));
                }
            }
        }
        return head.toByteArray();
    }

    /** Makes it a stored mail. */
    static void file(Connection connection, StoredMail mail, HeaderSummary summary, byte[] head) throws SQLException {
        replaceHead(connection, mail.mailId(), head);
        try (PreparedStatement content = connection.prepareStatement("""
                update content set state = 'filed', octets = ?, chunks = ?, international = ?, header_from = ?, header_subject = ?,
                       header_date = ?, filed_at = now() where mail_id = ?""");
                PreparedStatement parked = connection.prepareStatement("delete from parked where mail_id = ?")) {
            content.setLong(1, mail.octets());
            content.setInt(2, mail.chunks());
            content.setBoolean(3, mail.international());
            content.setString(4, summary.from());
            content.setString(5, summary.subject());
            content.setString(6, summary.date());
            content.setObject(7, mail.mailId());
            content.executeUpdate();
            parked.setObject(1, mail.mailId());
            parked.executeUpdate();
        }
    }

    private static void replaceHead(Connection connection, UUID mailId, byte[] head) throws SQLException {
        try (PreparedStatement clients = connection.prepareStatement("delete from content_chunk where mail_id = ? and n = 0")) {
            clients.setObject(1, mailId);
            clients.executeUpdate();
        }
        try (ChunkWriter stored = new ChunkWriter(connection)) {
            stored.write(mailId, 0, head);
            stored.finish();
        }
    }

    private static void require(boolean holds, String otherwise) throws ContractViolation {
        if (!holds) {
            throw new ContractViolation("a large mail is not what was sent: " + otherwise);
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
