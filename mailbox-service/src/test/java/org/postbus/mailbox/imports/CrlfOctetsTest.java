package org.postbus.mailbox.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrlfOctetsTest {

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "-, -",
        "a, aLN",
        "aN, aLN",
        "aL, aLN",
        "aLN, aLN",
        "N, LN",
        "L, LN",
        "NN, LNLN",
        "LL, LNLN",
        "LLN, LNLN",
        "NL, LNLN",
        "LNN, LNLN",
        "aLbNcLNd, aLNbLNcLNdLN",
    })
    void everyLineEndsInCrlf(String given, String expected) throws Exception {
        assertEquals(octets(expected), read(octets(given)));
    }

    /** In the table L is CR and N is LF. */
    private static String octets(String shown) {
        return shown == null ? "" : shown.replace('L', '\r').replace('N', '\n');
    }

    @Test
    void isTheSameForAnyReadsAndChangesNothingTheSecondTime() throws Exception {
        Random random = new Random(4);
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append("a\r\n".charAt(random.nextInt(3)));
            }
            byte[] given = Octets.of(text.toString());
            String whole = read(text.toString());
            for (int place = 0; place <= given.length; place++) {
                assertEquals(whole, Octets.text(new CrlfOctets(Octets.split(given, place)).readAllBytes()));
            }
            StringBuilder slow = new StringBuilder();
            CrlfOctets octets = new CrlfOctets(Octets.trickle(given, 1));
            for (int octet = octets.read(); octet >= 0; octet = octets.read()) {
                slow.append((char) octet);
            }
            assertEquals(whole, slow.toString());
            assertEquals(whole, read(whole));
            assertEquals("", whole.replace("\r\n", "").replace("a", ""), "no CR and no LF alone");
        }
    }

    private static String read(String octets) throws Exception {
        return Octets.text(new CrlfOctets(new ByteArrayInputStream(Octets.of(octets))).readAllBytes());
    }
}
