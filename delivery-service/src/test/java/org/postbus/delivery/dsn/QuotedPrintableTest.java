package org.postbus.delivery.dsn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuotedPrintableTest {

    @Test
    void keepsPlainTextAndLineBreaks() {
        assertEquals("To: ann@one.test\r\n\tfolded\r\n", encode("To: ann@one.test\r\n\tfolded\r\n"));
    }

    @Test
    void encodesWhatCouldBreakOrChange() {
        assertEquals("=00=FF=3D=7F", encode("\0\u00ff=\u007f"));
        assertEquals("a=0Db", encode("a\rb"));
        assertEquals("a=0Ab", encode("a\nb"));
        assertEquals("end=20\r\nend=09", encode("end \r\nend\t"));
    }

    @Test
    void breaksLongLinesAndLosesNothing() {
        byte[] octets = new byte[5000];
        new Random(7).nextBytes(octets);
        String encoded = new String(QuotedPrintable.encode(octets), StandardCharsets.US_ASCII);
        assertTrue(encoded.lines().allMatch(line -> line.length() <= 76), "a line over 76 characters");
        assertEquals(new String(octets, StandardCharsets.ISO_8859_1), decode(encoded));
    }

    private static String encode(String text) {
        return new String(QuotedPrintable.encode(text.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.US_ASCII);
    }

    private static String decode(String encoded) {
        StringBuilder decoded = new StringBuilder();
        String joined = encoded.replace("=\r\n", "");
        for (int i = 0; i < joined.length(); i++) {
            boolean code = joined.charAt(i) == '=';
            decoded.append(code ? (char) Integer.parseInt(joined.substring(i + 1, i + 3), 16) : joined.charAt(i));
            i += code ? 2 : 0;
        }
        return decoded.toString();
    }
}
