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

    private static final String GIVEN = """
            given: domain d
            given: account a@d secret
            given: config smtp.require-helo=false
            given: config smtp.max-message-size=500
            """;
    private static final Transcript WORLD = TranscriptParser.parse("random", GIVEN);
    private static final Transcript SUBMISSION = TranscriptParser.parse("submission/random", GIVEN);
    /** As a@d, whose password is secret. */
    private static final String LOGIN = "AUTH PLAIN AGFAZABzZWNyZXQ=\r\n";
    private static final String[] PIECES = {
        "MAIL FROM:<a@b>\r\n", "MAIL FROM:<>\r\n", "RCPT TO:<a@d>\r\n", "RCPT TO:<a@d>\r\n", "RCPT TO:<x@d>\r\n",
        "DATA\r\n", "DATA\r\n", "EHLO c\r\n", "RSET\r\n", "NOOP\r\n", "VRFY a\r\n", "\r\n.\r\n", "\r\n.\r\n", ".\r\n",
        "..x\r\n", "text", "Subject: x\r\n", "\r\n", "\r", "\n", ".", "\0", "\u00ff", " ", "xxxxxxxxxxxxxxxxxxxxxxx\r\n",
        "BDAT 5\r\n", "BDAT 7\r\nQUIT\r\nx", "BDAT 9 LAST\r\nx\ny\rz\r\n\r\n", "BDAT 0 LAST\r\n", "BDAT 3 LAST\r\n", "BDAT x\r\n",
        "STARTTLS\r\n", "AUTH PLAIN\r\n", "AUTH LOGIN YUBk\r\n", LOGIN, LOGIN, "*\r\n", "YUBk\r\n", "c2VjcmV0\r\n", "=\r\n",
    };

    @Test
    void chunkingNeverShows() throws IOException {
        Random random = new Random(2026);
        for (int i = 0; i < 20_000; i++) {
            List<String> groups = groups(random);
            Transcript world = random.nextInt(4) == 0 ? SUBMISSION : WORLD;
            EnginePeer whole = run(world, groups, Chunking.WHOLE);
            EnginePeer octets = run(world, groups, Chunking.OCTETS);
            EnginePeer split = run(world, groups, Chunking.splitAt(1 + random.nextInt(20)));
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
            EnginePeer peer = run(WORLD, List.of("MAIL FROM:<a@b>\r\nRCPT TO:<a@d>\r\nDATA\r\n", data),
                    Chunking.splitAt(random.nextInt(30)));
            assertEquals(1, peer.accepted.size());
            assertArrayEquals(plain.toByteArray(), peer.accepted.getFirst());
        }
    }

    @Test
    void chunksMakeLinesWhole() throws IOException {
        Random random = new Random(3030);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append("\r\n\r\n.xy".charAt(random.nextInt(7)));
            }
            StringBuilder session = new StringBuilder("MAIL FROM:<a@b>\r\nRCPT TO:<a@d>\r\n");
            int at = 0;
            while (at < text.length() && random.nextInt(4) > 0) {
                int size = random.nextInt(text.length() - at + 1);
                session.append("BDAT ").append(size).append("\r\n").append(text, at, at + size);
                at += size;
            }
            session.append("BDAT ").append(text.length() - at).append(" LAST\r\n").append(text.substring(at)).append("NOOP\r\n");
            EnginePeer peer = run(WORLD, List.of(session.toString()), Chunking.splitAt(random.nextInt(60)));
            String lines = text.toString().replaceAll("\r\n|\r|\n", "\r\n");
            String expected = lines.isEmpty() || lines.endsWith("\n") ? lines : lines + "\r\n";
            assertEquals(1, peer.accepted.size(), session::toString);
            assertEquals(expected, new String(peer.accepted.getFirst(), StandardCharsets.ISO_8859_1), session::toString);
        }
    }

    /** A group ends behind the commands that have to be the last of one. */
    private static List<String> groups(Random random) {
        List<String> groups = new ArrayList<>();
        StringBuilder group = new StringBuilder();
        for (int n = random.nextInt(25); n > 0; n--) {
            String piece = PIECES[random.nextInt(PIECES.length)];
            group.append(piece);
            if (piece.startsWith("DATA") || piece.startsWith("EHLO") || piece.startsWith("AUTH") || piece.startsWith("STARTTLS")) {
                groups.add(group.toString());
                group.setLength(0);
            }
        }
        groups.add(group.toString());
        return groups;
    }

    private static EnginePeer run(Transcript world, List<String> groups, Chunking chunking) {
        EnginePeer peer = new EnginePeer(world);
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
