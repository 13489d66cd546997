package org.postbus.mailbox.content;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes chunks in the caller's transaction, cut into pieces, in PostgreSQL's binary COPY format: the one way in which
 * octets get there without being put together, parsed and taken apart once more. Nothing may be there yet of what comes.
 */
public final class ChunkWriter implements AutoCloseable {

    /** Octets of a piece: with the heads of row and page they fit 8 KiB, and take all but 2 % of it. */
    public static final int PIECE_OCTETS = 8000;

    private static final String COPY = "copy content_chunk (mail_id, n, piece, data) from stdin (format binary)";
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final short COLUMNS = 4;
    private static final int ROW_OCTETS = Short.BYTES + COLUMNS * Integer.BYTES + 2 * Long.BYTES + 2 * Integer.BYTES + PIECE_OCTETS;
    private static final short END = -1;

    private final CopyIn copy;
    private final ByteBuffer rows = ByteBuffer.allocate(8 * ROW_OCTETS);

    public ChunkWriter(Connection connection) throws SQLException {
        copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
        rows.put(SIGNATURE).putInt(0).putInt(0);
    }

    /** Writes chunk {@code n} of a mail. */
    public void write(UUID mailId, int n, byte[] data) throws SQLException {
        int at = 0;
        for (int piece = 0; piece == 0 || at < data.length; piece++) {
            int length = Math.min(PIECE_OCTETS, data.length - at);
            room(ROW_OCTETS);
            rows.putShort(COLUMNS);
            rows.putInt(2 * Long.BYTES).putLong(mailId.getMostSignificantBits()).putLong(mailId.getLeastSignificantBits());
            rows.putInt(Integer.BYTES).putInt(n).putInt(Integer.BYTES).putInt(piece);
            rows.putInt(length).put(data, at, length);
            at += length;
        }
    }

    /** Ends the writing, with all of it or an exception. */
    public void finish() throws SQLException {
        room(Short.BYTES);
        rows.putShort(END);
        flush();
        copy.endCopy();
    }

    /** Takes back what was not {@linkplain #finish finished}; with it the caller's transaction fails. */
    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }

    private void room(int octets) throws SQLException {
        if (rows.remaining() < octets) {
            flush();
        }
    }

    private void flush() throws SQLException {
        copy.writeToCopy(rows.array(), 0, rows.position());
        rows.clear();
    }
}
