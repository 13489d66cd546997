package org.postbus.delivery.dkim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyHashTest {

    @ParameterizedTest
    @CsvSource(ignoreLeadingAndTrailingWhitespace = false, value = {
        "'',''",
        "'\r\n',''",
        "'\r\n \t\r\n\r\n',''",
        "' ',''",
        // The example of RFC 6376, section 3.4.5.
        "' C \r\nD \t E\r\n\r\n\r\n',' C\r\nD E\r\n'",
        "'a','a\r\n'",
        "'a\r\n','a\r\n'",
        "'a \t','a\r\n'",
        "'\r\n\r\na\r\n','\r\n\r\na\r\n'",
        "'a\r\n\r\n \r\nb','a\r\n\r\n\r\nb\r\n'",
        "'\t\ta  b','\u0020a b\r\n'",
        "'a\u00fc\u00ff  \u00a0','a\u00fc\u00ff \u00a0\r\n'",
        // Neither ends a line alone.
        "'a\rb\nc \r','a\rb\nc \r\r\n'",
        "'a\r\r\n','a\r\r\n'",
        "'a \r\r\n','a \r\r\n'",
        "'a\n\r\n','a\n\r\n'",
    })
    void hashesTheCanonicalBody(String body, String canonical) {
        assertArrayEquals(BodyHash.sha256().digest(Octets.latin1(canonical)), Octets.bodyHash(Octets.latin1(body)));
    }

    @Test
    void knowsTheHashOfNoBody() {
        assertEquals("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", Base64.getEncoder().encodeToString(Octets.bodyHash(new byte[0])));
    }

    @Test
    void isTheSameHoweverTheBodyIsSplit() {
        Random random = new Random(6376);
        String[] pieces = {"a", " ", "\t", "\r\n", "\r\n", "\r", "\n", "\u00e4", "word"};
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(14); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            byte[] body = Octets.latin1(text.toString());
            byte[] whole = Octets.bodyHash(body);
            assertArrayEquals(BodyHash.sha256().digest(canonical(body)), whole, text::toString);
            assertArrayEquals(whole, inPieces(body, random, 3), text::toString);
        }
    }

    @Test
    void keepsNothingOfALongBody() {
        Random random = new Random(3);
        byte[] body = Octets.latin1(("words  and\twords \r\n" + "\r\n".repeat(5000)).repeat(200) + "end");
        assertArrayEquals(BodyHash.sha256().digest(canonical(body)), inPieces(body, random, 10_000));
    }

    private static byte[] inPieces(byte[] body, Random random, int atMost) {
        BodyHash hash = new BodyHash();
        int at = 0;
        while (at < body.length) {
            int length = Math.min(body.length - at, random.nextInt(atMost + 1));
            hash.update(body, at, length);
            at += length;
        }
        return hash.digest();
    }

    /** The rules of RFC 6376, section 3.4.4, one by one over the whole. */
    private static byte[] canonical(byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1) + "\r\n";
        text = text.replaceAll("[ \t]+", " ").replaceAll(" \r\n", "\r\n").replaceAll("(\r\n)+\\z", "\r\n");
        return Octets.latin1(text.equals("\r\n") ? "" : text);
    }
}
