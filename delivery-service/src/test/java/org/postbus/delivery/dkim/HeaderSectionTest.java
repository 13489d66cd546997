package org.postbus.delivery.dkim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postbus.protocol.message.HeaderFields;

class HeaderSectionTest {

    @ParameterizedTest
    @CsvSource({
        // The example of RFC 6376, section 3.4.5.
        "'A: X\r\n','a:X\r\n'",
        "'A : Y\t\r\n\tZ  \r\n','a:Y Z\r\n'",
        "'A:\r\n','a:\r\n'",
        "'A: \t\r\n','a:\r\n'",
        "'A:\r\n \r\n\tx\r\n','a:x\r\n'",
        "'a:x:  Y: z\r\n','a:x: Y: z\r\n'",
        "'A: \u00fc\u00a0 \u00ff\r\n','a:\u00fc\u00a0 \u00ff\r\n'",
        "'A: x','a:x\r\n'",
        "'A: x\ry\nz\r\n','a:x\ry\nz\r\n'",
    })
    void canonicalises(String field, String canonical) {
        HeaderSection section = new HeaderSection(Octets.latin1(field));
        assertArrayEquals(Octets.latin1(canonical), section.relaxed("A", 0).orElseThrow());
        assertEquals(1, section.size());
    }

    @Test
    void countsFromTheBottom() {
        HeaderSection section = new HeaderSection(Octets.latin1("A: 1\r\nB: 2\r\na: 3\r\nAA: 4\r\nA : 5\r\n\r\nA: body\r\n"));
        assertEquals(3, section.count("A"));
        assertArrayEquals(Octets.latin1("a:5\r\n"), section.relaxed("A", 0).orElseThrow());
        assertArrayEquals(Octets.latin1("a:3\r\n"), section.relaxed("A", 1).orElseThrow());
        assertArrayEquals(Octets.latin1("a:1\r\n"), section.relaxed("A", 2).orElseThrow());
        assertTrue(section.relaxed("A", 3).isEmpty());
        assertTrue(section.relaxed("C", 0).isEmpty());
    }

    @Test
    void agreesWithTheRestOfThePlatformOnWhatAFieldIs() {
        Random random = new Random(5322);
        String[] pieces = {"a", "From", ":", "\r\n", "\r\n", " ", "\t", "\u00e4", "\0", "B:", "\r", "\n"};
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            byte[] octets = Octets.latin1(text.toString());
            assertEquals(HeaderFields.of(octets).fields().size(), new HeaderSection(octets).size(), text::toString);
        }
    }
}
