package org.postbus.protocol.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressFieldsTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\0', delimiter = '|', value = {
        "jones@example.org|jones@example.org",
        "Jones <jones@example.org>|jones@example.org",
        "\"a, b <c@d>\" <e@f>, (x@y) g@h (i, j)|e@f g@h",
        "pals: a@b, \"C\" <c@d>;, e@f|a@b c@d e@f",
        "<@x,@y:a@b>|a@b",
        "jones @ example . org|jones@example.org",
        "\"q u\"@example.org|\"q u\"@example.org",
        "\"a\\\"b@c\"@d|\"a\\\"b@c\"@d",
        "a@b (unended|a@b",
        "a@b <c@d|c@d",
    })
    void findsTheAddresses(String value, String expected) {
        assertEquals(List.of(expected.split(" (?=[^ ]*@)(?!u)")), AddressFields.of(octets("From: " + value + "\r\n\r\n")).from());
    }

    @Test
    void tellsTheFieldsApart() {
        AddressFields fields = AddressFields.of(octets("to: a@b\r\nSENDER: c@d\r\nCc: e@f,\r\n g@h\r\nFrom: nobody\r\nX: y@z\r\n\r\nTo: i@j\r\n"));
        assertEquals(List.of(""), fields.from());
        assertEquals(List.of("c@d"), fields.sender());
        assertEquals(List.of("a@b", "e@f", "g@h"), fields.others());
    }

    @Test
    void anyOctetsPass() {
        Random random = new Random(5322);
        byte[] alphabet = octets("aB@<>\"\\(),;: \r\n\t\0\u00ff");
        for (int i = 0; i < 100_000; i++) {
            StringBuilder value = new StringBuilder("From:");
            for (int k = random.nextInt(30); k > 0; k--) {
                value.append((char) (alphabet[random.nextInt(alphabet.length)] & 0xFF));
            }
            assertTrue(AddressFields.of(octets(value.toString())).from().size() <= 30);
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
