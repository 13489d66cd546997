package org.postbus.mailbox.content;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.postbus.mailbox.database.Database;

/**
 * Reads stored mail some rows at a time: a reader holds those, and no connection while its client takes its time. Rows
 * never change, and the sweep leaves a mail alone for an hour after its last entry went, so no common view is needed.
 */
public final class ContentReader {

    /** Octets of rows that are read together, about. */
    private static final int READ_OCTETS = 256 * 1024;

    private static final String PIECES = """
            select n, piece, data from content_chunk
             where mail_id = ? and (n, piece) > (?, ?) order by n, piece limit ?""";

    private final Database database;

    public ContentReader(Database database) {
        this.database = database;
    }

    private record Piece(int n, int number, byte[] data) {
    }

    /**
     * Writes a mail's octets, all of them or it throws.
     *
     * @param octets how many there must be
     * @throws IOException the client does not take them, or octets are missing
     */
    public void copy(UUID mailId, long octets, OutputStream out) throws IOException {
        long written = 0;
        Piece last = new Piece(-1, 0, new byte[0]);
        // The first says of what size the others are.
        int rows = octets <= READ_OCTETS ? READ_OCTETS / ChunkWriter.PIECE_OCTETS : 1;
        while (written < octets) {
            List<Piece> pieces = after(mailId, last, rows);
            if (pieces.isEmpty()) {
                throw new IOException("octets of mail " + mailId + " are missing");
            }
            for (Piece piece : pieces) {
                out.write(piece.data());
                written += piece.data().length;
            }
            last = pieces.getLast();
            rows = pieces.getFirst().data().length > ChunkWriter.PIECE_OCTETS ? 1 : READ_OCTETS / ChunkWriter.PIECE_OCTETS;
        }
        if (written != octets) {
            throw new IOException("mail " + mailId + " has " + written + " octets instead of " + octets);
        }
    }

    private List<Piece> after(UUID mailId, Piece last, int rows) {
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(PIECES)) {
                statement.setObject(1, mailId);
                statement.setInt(2, last.n());
                statement.setInt(3, last.number());
                statement.setInt(4, rows);
                List<Piece> pieces = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        pieces.add(new Piece(row.getInt(1), row.getInt(2), row.getBytes(3)));
                    }
                }
                return pieces;
            }
        });
    }
}
