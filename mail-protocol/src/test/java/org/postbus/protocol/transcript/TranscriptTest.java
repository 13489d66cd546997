package org.postbus.protocol.transcript;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TranscriptTest {

    private static final String ID = "0197a3d0-0000-7000-8000-000000000001";

    @Test
    void readsWhatMustBeThereBefore() {
        Transcript transcript = TranscriptParser.parse("x", """
                # RFC 1939
                given: domain example.org
                given: account a@example.org secret quota=10
                given: alias i@example.org a@example.org b@example.org
                given: config smtp.require-helo=false
                given: mail a@example.org
                | Subject: x
                |
                | hi
                """);
        assertEquals(List.of(new Given.Domain("example.org"),
                new Given.Account("a@example.org", "secret", OptionalLong.of(10)),
                new Given.Alias("i@example.org", List.of("a@example.org", "b@example.org")),
                new Given.Config("smtp.require-helo", "false"),
                new Given.Mail("a@example.org", "Subject: x\r\n\r\nhi\r\n")), transcript.givens());
        assertEquals("false", transcript.config("smtp.require-helo", "true"));
    }

    @Test
    void joinsClientLinesIntoGroupsAndReadsEscapes() {
        Transcript transcript = TranscriptParser.parse("x", "C: A\nC~ \\x42\\0\\\\\\r{z*3}\nS: ok\nC: C\n");
        Step.Send first = (Step.Send) transcript.steps().getFirst();
        assertArrayEquals("A\r\nB\0\\\rzzz".getBytes(StandardCharsets.ISO_8859_1), first.octets());
        assertEquals(3, transcript.steps().size());
    }

    @Test
    void capturesMustMatchEqualLater() throws IOException {
        Map<String, String> captures = run("S: 250 {id:id} {n:n} {*}\nS: again {id}\n",
                "250 " + ID + " 12 text\r\nagain " + ID + "\r\n");
        assertEquals(Map.of("id", ID, "n", "12"), captures);
        assertThrows(AssertionError.class, () -> run("S: {a} {a}\n", "x y\r\n"));
        assertThrows(AssertionError.class, () -> run("S: {n:n}\n", "x\r\n"));
    }

    @Test
    void skipsLinesUpToTheNextPattern() throws IOException {
        run("S: {lines}\nS: .\n", "a\r\nb\r\n.\r\n");
        assertThrows(AssertionError.class, () -> run("S: {lines}\nS: .\n", "a\r\nb\r\n"));
    }

    @Test
    void refusesSurplusMissingOrDifferentLines() {
        assertThrows(AssertionError.class, () -> run("S: a\n", "a\r\nb\r\n"));
        assertThrows(AssertionError.class, () -> run("S: a\nS: b\n", "a\r\n"));
        assertThrows(AssertionError.class, () -> run("S: a\nS: <close>\n", "a\r\nb\r\n<close>"));
        assertThrows(AssertionError.class, () -> run("S: a\n", "b\r\n"));
    }

    @Test
    void cutsEveryGroup() {
        byte[] abc = {1, 2, 3};
        assertEquals(3, Chunking.OCTETS.cut(abc).size());
        assertArrayEquals(new byte[] {2, 3}, Chunking.splitAt(1).cut(abc).get(1));
        assertEquals(1, Chunking.splitAt(3).cut(abc).size());
    }

    @Test
    void namesTheLineThatIsWrong() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> TranscriptParser.parse("x", "# a\nX: b\n"));
        assertTrue(e.getMessage().startsWith("x, line 2"), e.getMessage());
    }

    private static Map<String, String> run(String text, String output) throws IOException {
        return TranscriptRunner.run(TranscriptParser.parse("x", text), new Scripted(output), Chunking.WHOLE,
                Duration.ofMillis(1));
    }

    /** Says its script and then closes, or stays silent. */
    private static final class Scripted implements Peer {
        private final Deque<byte[]> left = new ArrayDeque<>();

        Scripted(String output) {
            boolean closes = output.endsWith("<close>");
            left.add(output.replace("<close>", "").getBytes(StandardCharsets.ISO_8859_1));
            if (closes) {
                left.add(new byte[0]);
            }
        }

        @Override
        public void send(byte[] octets) {}

        @Override
        public byte[] receive(Duration deadline) throws IOException {
            if (left.isEmpty()) {
                throw new SocketTimeoutException();
            }
            return left.remove();
        }

        @Override
        public void close() {}
    }
}
