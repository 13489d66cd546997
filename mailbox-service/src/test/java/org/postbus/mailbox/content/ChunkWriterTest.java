package org.postbus.mailbox.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.events.MailIds;
import org.postbus.events.Topics;
import org.postbus.mailbox.Maildrops;
import org.postbus.mailbox.Servers;
import org.postbus.mailbox.database.Database;
import org.postbus.mailbox.database.DatabaseFailure;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class ChunkWriterTest {

    private static final int PIECE = ChunkWriter.PIECE_OCTETS;

    private final Random random = new Random(5);
    private final UUID mailId = MailIds.mint();

    @Inject
    Database database;

    @Inject
    ContentReader reader;

    @Inject
    Maildrops maildrops;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, PIECE - 1, PIECE, PIECE + 1, 10 * PIECE, Topics.CHUNK_OCTETS, Topics.CHUNK_OCTETS + PIECE})
    void whatWasWrittenIsRead(int octets) throws IOException {
        byte[] data = octets(octets);
        write(data);
        assertEquals(Math.max(1, Math.ceilDiv(octets, PIECE)), pieces());
        assertArrayEquals(data, read(octets));
    }

    @Test
    void chunksAreReadInTheirOrder() throws IOException {
        byte[] data = octets(5 * Topics.CHUNK_OCTETS);
        byte[][] chunks = new byte[5][Topics.CHUNK_OCTETS];
        for (int n = 0; n < chunks.length; n++) {
            System.arraycopy(data, n * Topics.CHUNK_OCTETS, chunks[n], 0, Topics.CHUNK_OCTETS);
        }
        write(chunks);
        assertArrayEquals(data, read(data.length));
    }

    @Test
    void aPieceStaysInItsRow() {
        write(octets(100 * PIECE));
        assertEquals(100, maildrops.number(
                "select count(*) from content_chunk where mail_id = ? and pg_column_toast_chunk_id(data) is null", mailId));
    }

    @Test
    void chunksOfBeforeAreOnePieceEach() throws IOException {
        byte[] data = octets(3 * Topics.CHUNK_OCTETS);
        for (int n = 0; n < 3; n++) {
            maildrops.execute("insert into content_chunk (mail_id, n, piece, data) values (?, ?, 0, substr(?, ?, ?))",
                    mailId, n, data, n * Topics.CHUNK_OCTETS + 1, Topics.CHUNK_OCTETS);
        }
        assertArrayEquals(data, read(data.length));
    }

    @Test
    void aChunkIsWrittenOnce() {
        write(octets(1));
        assertThrows(DatabaseFailure.class, () -> write(octets(2)));
        assertEquals(1, pieces());
    }

    @Test
    void whatFailsOnTheWayLeavesNothing() {
        assertThrows(DatabaseFailure.class, () -> database.transaction(connection -> {
            try (ChunkWriter writer = new ChunkWriter(connection)) {
                writer.write(mailId, 0, octets(50 * PIECE));
                throw new SQLException("for this test");
            }
        }));
        assertEquals(0, pieces());
    }

    private void write(byte[]... chunks) {
        database.transaction(connection -> {
            try (ChunkWriter writer = new ChunkWriter(connection)) {
                for (int n = 0; n < chunks.length; n++) {
                    writer.write(mailId, n, chunks[n]);
                }
                writer.finish();
            }
            return true;
        });
    }

    private byte[] read(int octets) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        reader.copy(mailId, octets, out);
        return out.toByteArray();
    }

    private long pieces() {
        return maildrops.number("select count(*) from content_chunk where mail_id = ?", mailId);
    }

    private byte[] octets(int count) {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return octets;
    }
}
