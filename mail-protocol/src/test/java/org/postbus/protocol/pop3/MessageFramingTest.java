package org.postbus.protocol.pop3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageFramingTest {

    private static final long SEED = 1939;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''              | .~
            .               | ..~.~
            .~              | ..~.~
            a               | a~.~
            a~.~            | a~..~.~
            ~.~~..a~        | ~..~~...a~.~
            a~b             | a~b~.~
            a~b.            | a~b.~.~
            """)
    void framesAWholeMessage(String stored, String sent) {
        assertEquals(crlf(sent), retr(crlf(stored), Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 | h~~a~b~     | h~~.~
            1 | h~~a~b~     | h~~a~.~
            2 | h~~a~b~     | h~~a~b~.~
            9 | h~~a~b~     | h~~a~b~.~
            1 | h~~.a~b~    | h~~..a~.~
            2 | h~i~~a~~b~  | h~i~~a~~.~
            5 | h~i~        | h~i~.~
            0 | ~a~         | ~.~
            1 | h~~a        | h~~a~.~
            """)
    void countsTheLinesOfTheBodyForTop(int lines, String stored, String sent) {
        for (int piece = 1; piece <= stored.length() * 2; piece++) {
            assertEquals(crlf(sent), frame(MessageFraming.top(lines), crlf(stored), piece));
        }
    }

    @Test
    void onlyCrlfEndsALine() {
        assertEquals("a\n.b\r.c\r\r\n..d\r\n.\r\n", retr("a\n.b\r.c\r\r\n.d\r\n", 1));
        assertEquals("a\r\n.\r\n", retr("a\r", 1), "a lone CR at the end is completed");
    }

    /** Whatever the message and its pieces, a client that removes the framing has the stored octets. */
    @Test
    void aClientGetsTheStoredOctetsBack() {
        Random random = new Random(SEED);
        String[] parts = {".", "..", "\r\n", "\r\n.", "\r\n.\r\n", "a", "\u00ff", "\r", "\n", "\0", "bc"};
        for (int round = 0; round < 20_000; round++) {
            StringBuilder stored = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                stored.append(parts[random.nextInt(parts.length)]);
            }
            stored.append("\r\n");
            String sent = retr(stored.toString(), 1 + random.nextInt(stored.length()));
            assertEquals(stored.toString(), unframe(sent), () -> "seed " + SEED + ", stored " + stored);
        }
    }

    /** RFC 1939 section 3, as a client reads it. */
    private static String unframe(String sent) {
        StringBuilder message = new StringBuilder();
        int at = 0;
        while (true) {
            int end = sent.indexOf("\r\n", at);
            String line = sent.substring(at, end);
            at = end + 2;
            if (line.equals(".")) {
                assertEquals(sent.length(), at, "octets after the final dot");
                return message.toString();
            }
            message.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        }
    }

    private static String retr(String stored, int piece) {
        return frame(MessageFraming.whole(), stored, piece);
    }

    private static String frame(MessageFraming framing, String stored, int piece) {
        byte[] octets = stored.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean enough = false;
        for (int at = 0; at < octets.length && !enough;) {
            int end = (int) Math.min((long) at + piece, octets.length);
            enough = framing.frame(Arrays.copyOfRange(octets, at, end), out);
            at = end;
        }
        framing.finish(out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static String crlf(String text) {
        return text.replace("~", "\r\n");
    }
}
