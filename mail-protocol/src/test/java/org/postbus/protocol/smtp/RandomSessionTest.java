package org.postbus.protocol.smtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.postbus.protocol.transcript.Chunking;
import org.postbus.protocol.transcript.Transcript;
import org.postbus.protocol.transcript.TranscriptParser;

/** Whatever a client sends, and however it is cut: no exception, and the same replies and mails. */
class RandomSessionTest {

    private static final Transcript WORLD = TranscriptParser.parse("random", """
            given: domain d
            given: account a@d secret
            given: config smtp.require-helo=false
            given: config smtp.max-message-size=500
            """);
    private static final String[] PIECES = {
        "MAIL FROM:<a@b>\r\n", "MAIL FROM:<>\r\n", "RCPT TO:<a@d>\r\n", "RCPT TO:<a@d>\r\n", "RCPT TO:<x@d>\r\n",
        "DATA\r\n", "DATA\r\n", "EHLO c\r\n", "RSET\r\n", "NOOP\r\n", "VRFY a\r\n", "\r\n.\r\n", "\r\n.\r\n", ".\r\n",
        "..x\r\n", "text", "Subject: x\r\n", "\r\n", "\r", "\n", ".", "\0", "\u00ff", " ", "xxxxxxxxxxxxxxxxxxxxxxx\r\n",
    };

    @Test
    void chunkingNeverShows() throws IOException {
        Random random = new Random(2026);
        for (int i = 0; i < 20_000; i++) {
            List<String> groups = groups(random);
            EnginePeer whole = run(groups, Chunking.WHOLE);
            EnginePeer octets = run(groups, Chunking.OCTETS);
            EnginePeer split = run(groups, Chunking.splitAt(1 + random.nextInt(20)));
            assertEquals(replies(whole), replies(octets), () -> groups.toString());
            assertEquals(whole.accepted.size(), octets.accepted.size(), () -> groups.toString());
            assertEquals(whole.accepted.size(), split.accepted.size(), () -> groups.toString());
        }
    }

    @Test
    void acceptedMailIsExactlyWhatWasSent() throws IOException {
        Random random = new Random(4711);
        String[] lines = {"", ".", "..", ".x", "x", "\0", "\u00ff.", "MAIL FROM:<a@b>", "Subject: x", " y"};
        for (int i = 0; i < 20_000; i++) {
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            ByteArrayOutputStream stuffed = new ByteArrayOutputStream();
            for (int n = random.nextInt(8); n > 0; n--) {
                byte[] line = (lines[random.nextInt(lines.length)] + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
                plain.writeBytes(line);
                stuffed.writeBytes(line[0] == '.' ? new byte[] {'.'} : new byte[0]);
                stuffed.writeBytes(line);
            }
            String data = stuffed.toString(StandardCharsets.ISO_8859_1) + ".\r\n";
            EnginePeer peer = run(List.of("MAIL FROM:<a@b>\r\nRCPT TO:<a@d>\r\nDATA\r\n", data),
                    Chunking.splitAt(random.nextInt(30)));
            assertEquals(1, peer.accepted.size());
            assertArrayEquals(plain.toByteArray(), peer.accepted.getFirst());
        }
    }

    /** A group ends behind the commands that have to be the last of one. */
    private static List<String> groups(Random random) {
        List<String> groups = new ArrayList<>();
        StringBuilder group = new StringBuilder();
        for (int n = random.nextInt(25); n > 0; n--) {
            String piece = PIECES[random.nextInt(PIECES.length)];
            group.append(piece);
            if (piece.startsWith("DATA") || piece.startsWith("EHLO")) {
                groups.add(group.toString());
                group.setLength(0);
            }
        }
        groups.add(group.toString());
        return groups;
    }

    private static EnginePeer run(List<String> groups, Chunking chunking) {
        EnginePeer peer = new EnginePeer(WORLD);
        for (String group : groups) {
            chunking.cut(group.getBytes(StandardCharsets.ISO_8859_1)).forEach(peer::send);
        }
        return peer;
    }

    private static String replies(EnginePeer peer) throws IOException {
        try {
            return new String(peer.receive(Duration.ZERO), StandardCharsets.US_ASCII);
        } catch (SocketTimeoutException silent) {
            return "";
        }
    }
}
