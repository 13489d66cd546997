package org.postbus.mailbox.content;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Optional;
import java.util.UUID;
import org.postbus.mailbox.database.Database;

/**
 * Reads stored mail row by row: a reader holds one row, and no connection while its client takes its time. Rows never
 * change, and the sweep leaves a mail alone for an hour after its last entry went, so no common view is needed.
 */
public final class ContentReader {

    private static final String CHUNK = "select data from content_chunk where mail_id = ? and n = ?";

    private final Database database;

    public ContentReader(Database database) {
        this.database = database;
    }

    /**
     * Writes a mail's octets, all of them or it throws.
     *
     * @param octets how many there must be
     * @throws IOException the client does not take them, or octets are missing
     */
    public void copy(UUID mailId, long octets, OutputStream out) throws IOException {
        long written = 0;
        for (int n = 0; written < octets; n++) {
            byte[] data = chunk(mailId, n).orElseThrow(() -> new IOException("octets of mail " + mailId + " are missing"));
            out.write(data);
            written += data.length;
        }
        if (written != octets) {
            throw new IOException("mail " + mailId + " has " + written + " octets instead of " + octets);
        }
    }

    private Optional<byte[]> chunk(UUID mailId, int n) {
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(CHUNK)) {
                statement.setObject(1, mailId);
                statement.setInt(2, n);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
                }
            }
        });
    }
}
