package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.delivery.Fixtures;
import org.postbus.delivery.queue.ArrivingMails;
import org.postbus.delivery.queue.QueuedRecipient;
import org.postbus.events.Envelope;
import org.postbus.events.MailIds;
import org.postbus.events.MailRecord;
import org.postbus.protocol.remote.ReceivedMail;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;

/** S2: what a remote gets is our trace fields and the client's octets, and one mail is one mail. */
class RelayedOctetsTest {

    private static final String TRACE = "Received: from client.example\r\n";
    private static final String HEADER = "Subject: x\r\n\r\n";
    private static final Set<String> VERBS = Set.of("EHLO", "MAIL", "RCPT", "DATA", "BDAT", "QUIT");
    private static final Elsewhere ELSEWHERE = new Elsewhere();
    private static RemoteMx dots;
    private static RemoteMx chunks;
    private static RelayBench bench;

    @BeforeAll
    static void begin() throws Exception {
        dots = ELSEWHERE.domain("dots.test", Script.USUAL);
        chunks = ELSEWHERE.domain("chunks.test", Elsewhere.CHUNKING, Optional.empty(), Script.USUAL);
        bench = new RelayBench(ELSEWHERE.settings(Map.of())).start();
    }

    @AfterAll
    static void end() throws Exception {
        bench.close();
        ELSEWHERE.close();
    }

    static Stream<String> data() {
        return Stream.of(HEADER, HEADER + "x", HEADER + "x\r\n", HEADER + ".", HEADER + ".\r\n", HEADER + "..\r\n", HEADER + ".x\r\n",
                HEADER + ".\r\n.\r\n.\r\n", HEADER + "x\r\n.", HEADER + "x\r\n.\r\n", HEADER + "\r\n.\r\n\r\n", HEADER + "\r\n".repeat(10),
                HEADER + "x\r\n.\r\nMAIL FROM:<eve@evil.test>\r\nRCPT TO:<bob@dots.test>\r\nDATA\r\nevil\r\n.\r\n",
                HEADER + "x\r\n.\r\nQUIT\r\n", HEADER + "BDAT 0 LAST\r\nRSET\r\n",
                HEADER + "\u00fc\u00ff\u0080\r\n.\u00fc\r\n", HEADER + "\0\1\u007f\r\n", HEADER + ".".repeat(100_000) + "\r\n",
                HEADER + "x".repeat(70_000) + "\r\n.\r\n", HEADER + ".\r\n".repeat(50_000), "Subject: no empty line\r\n",
                "X: 1\r\nX: 2\r\n folded\r\n.: odd\r\n\r\n.\r\n");
    }

    @ParameterizedTest
    @MethodSource("data")
    void theRemoteGetsTheClientsOctets(String text) throws Exception {
        byte[] data = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] expected = (TRACE + text + (text.contains("\r\n\r\n") ? "" : "\r\n")).getBytes(StandardCharsets.ISO_8859_1);
        UUID mailId = MailIds.mint();
        int before = dots.mails().size();
        int chunked = chunks.mails().size();
        Envelope envelope = Fixtures.envelope(mailId, "ann@one.test", "bob@dots.test", "bob@chunks.test");
        bench.enqueue(envelope, data, "bob@dots.test", "bob@chunks.test");
        bench.settled();
        assertEquals(before + 1, dots.mails().size());
        assertEquals(chunked + 1, chunks.mails().size());
        assertArrayEquals(expected, chunks.mails().getLast().octets());
        assertArrayEquals(endsALine(expected) ? expected : (new String(expected, StandardCharsets.ISO_8859_1) + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1), dots.mails().getLast().octets());
        Stream.of(dots, chunks).flatMap(mx -> mx.heard().stream())
                .forEach(line -> assertTrue(VERBS.contains(line.split(" ")[0]) && !line.contains("evil"), line));
    }

    private static boolean endsALine(byte[] octets) {
        return octets[octets.length - 1] == '\n';
    }

    /** Pieces end where it hurts: between CR and LF, before a dot, behind one. */
    @ParameterizedTest
    @ValueSource(strings = {"bob@dots.test", "bob@chunks.test"})
    void aLargeMailIsItsChunksInOrder(String recipient) throws Exception {
        byte[] all = large();
        UUID mailId = MailIds.mint();
        arrive(Fixtures.envelope(mailId, "ann@one.test", recipient), recipient, all);
        bench.relay().wake();
        Await.until(() -> bench.queued() == 0);
        RemoteMx mx = recipient.endsWith("@dots.test") ? dots : chunks;
        ReceivedMail received = mx.mails().getLast();
        assertArrayEquals(TRACE.getBytes(StandardCharsets.US_ASCII), Arrays.copyOf(received.octets(), TRACE.length()));
        assertArrayEquals(all, Arrays.copyOfRange(received.octets(), TRACE.length(), received.octets().length));
        assertTrue(received.mail().contains("SIZE=" + received.octets().length), received.mail());
        assertEquals(0, bench.count("select (select count(*) from mail) + (select count(*) from chunk)"));
    }

    private static byte[] large() {
        Random random = new Random(7);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(HEADER.getBytes(StandardCharsets.US_ASCII));
        List<String> lines = List.of(".\r\n", "..\r\n", "\r\n", ".x\r\n", "a long line of text, and on it goes\r\n", "\u00fc\u00ff\r\n", ". \r\n");
        while (all.size() < 1 << 20) {
            all.writeBytes(lines.get(random.nextInt(lines.size())).getBytes(StandardCharsets.ISO_8859_1));
        }
        return all.toByteArray();
    }

    private static void arrive(Envelope envelope, String recipient, byte[] all) throws Exception {
        UUID mailId = envelope.mailId();
        List<Integer> cuts = cuts(all);
        try (Connection connection = bench.dataSource().getConnection()) {
            ArrivingMails arriving = new ArrivingMails(connection);
            arriving.open(envelope, Arrays.copyOf(all, cuts.getFirst()), List.of(new QueuedRecipient(mailId, 0, recipient, recipient,
                    "ann@one.test", recipient.substring(recipient.indexOf('@') + 1), bench.now(), bench.now().plusSeconds(86_400), 0, false)));
            for (int n = 1; n < cuts.size(); n++) {
                arriving.chunk(mailId, n, Arrays.copyOfRange(all, cuts.get(n - 1), cuts.get(n)));
            }
            arriving.close(new MailRecord.Closing<>(mailId, cuts.size(), all.length,
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all))), bench.now());
        }
    }

    /** Ends of the chunks, some of which have one octet. */
    private static List<Integer> cuts(byte[] all) {
        List<Integer> cuts = new ArrayList<>();
        for (char octet : new char[] {'\r', '\n', '.', 'a', '.'}) {
            int at = (cuts.isEmpty() ? 0 : cuts.getLast()) + 150_000;
            while (all[at] != octet) {
                at++;
            }
            cuts.addAll(List.of(at + 1, at + 2));
        }
        cuts.add(all.length);
        return cuts;
    }
}
