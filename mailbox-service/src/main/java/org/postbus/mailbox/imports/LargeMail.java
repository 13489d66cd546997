package org.postbus.mailbox.imports;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.postbus.events.MailIds;
import org.postbus.mailbox.content.ChunkWriter;
import org.postbus.mailbox.content.StoredMail;

/**
 * A mail of more than one chunk on its way into its rows, a chunk at a time. Only its end tells whether it is known: then its
 * transaction is rolled back.
 */
final class LargeMail {

    private final byte[] headerSection;
    private final InputStream rest;
    private final long maxOctets;
    private final UUID mailId = MailIds.mint();
    private final MessageDigest digest = Digest.begin();
    private long octets;
    private int chunks;

    /** @param maxOctets of a mail that is filed */
    LargeMail(byte[] headerSection, InputStream rest, long maxOctets) {
        this.headerSection = headerSection;
        this.rest = rest;
        this.maxOctets = maxOctets;
    }

    /**
     * @param chunk the first one, full; it is written over
     * @param next  the octet behind it
     * @throws IOException the mail breaks off; nothing of it is kept
     */
    Verdict file(ImportFiling filing, byte[] chunk, int next) throws IOException {
        try {
            return filing.database().transaction(connection -> {
                writeAll(connection, chunk, next);
                return verdict(connection, filing);
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Verdict verdict(Connection connection, ImportFiling filing) throws SQLException {
        Verdict verdict = octets > maxOctets ? Verdict.refused(Reason.TOO_LARGE, octets)
                : filing.file(connection, List.of(new NewMail(
                        new StoredMail(mailId, headerSection, octets, false, chunks, Optional.empty()), Digest.of(digest)))).getFirst();
        if (verdict.status() != Verdict.Status.IMPORTED) {
            connection.rollback();
        }
        return verdict;
    }

    private void writeAll(Connection connection, byte[] chunk, int behind) throws SQLException {
        try {
            int length = chunk.length;
            int next = behind;
            while (length > 0 && octets + length <= maxOctets) {
                write(connection, chunk, length);
                length = fill(chunk, next);
                next = length == chunk.length ? rest.read() : -1;
            }
            octets += length + (next < 0 ? 0 : 1);
            octets += rest.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int fill(byte[] chunk, int first) throws IOException {
        if (first < 0) {
            return 0;
        }
        chunk[0] = (byte) first;
        return 1 + rest.readNBytes(chunk, 1, chunk.length - 1);
    }

    private void write(Connection connection, byte[] chunk, int length) throws SQLException {
        byte[] data = length == chunk.length ? chunk : Arrays.copyOf(chunk, length);
        digest.update(data);
        try (ChunkWriter writer = new ChunkWriter(connection)) {
            writer.write(mailId, chunks++, data);
            writer.finish();
        }
        octets += length;
    }
}
