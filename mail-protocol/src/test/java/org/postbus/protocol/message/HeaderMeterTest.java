package org.postbus.protocol.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderMeterTest {

    private static HeaderMeter measure(String... pieces) {
        HeaderMeter meter = new HeaderMeter();
        for (String piece : pieces) {
            byte[] octets = piece.getBytes(StandardCharsets.ISO_8859_1);
            meter.update(octets, 0, octets.length);
        }
        return meter;
    }

    @ParameterizedTest
    @CsvSource({
        "'Received: a\r\nRECEIVED:b\r\nReceived \t: c\r\n\r\n', 3",
        "'Received-SPF: a\r\nX-Received: a\r\nReceive: a\r\nReceivedd: a\r\n\r\n', 0",
        "'X: y\r\n Received: folded\r\n\r\n', 0",
        "'\r\nReceived: body', 0",
        "'text\r\nReceived: body', 0",
        "' Received: body', 0",
    })
    void countsReceivedFieldsOfTheHeaderSection(String mail, int expected) {
        assertEquals(expected, measure(mail).receivedFields());
        assertEquals(expected, measure(mail.split("")).receivedFields());
    }

    @Test
    void theHeaderSectionWithItsEmptyLineHasALimit() {
        String field = "X: " + "y".repeat(HeaderMeter.MAX_OCTETS - 7) + "\r\n";
        assertFalse(measure(field, "\r\n").tooLarge());
        assertFalse(measure(field + "\r\n", "body".repeat(HeaderMeter.MAX_OCTETS)).tooLarge());
        assertTrue(measure("z" + field + "\r\n").tooLarge());
        assertTrue(measure(field, "Y: z\r\n").tooLarge());
    }

    @Test
    void agreesWithCompletionOnWhereTheHeaderSectionEnds() {
        Random random = new Random(5322);
        String[] pieces = {"a", "Received", ":", "\r\n", "\r\n", " ", "\t", "\u00e4", "\0", "B:"};
        for (int i = 0; i < 100_000; i++) {
            StringBuilder mail = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                mail.append(pieces[random.nextInt(pieces.length)]);
            }
            mail.append("\r\n");
            HeaderScanner scanner = new HeaderScanner(mail.toString().getBytes(StandardCharsets.ISO_8859_1));
            int received = 0;
            while (scanner.nextField()) {
                received += scanner.is("Received") ? 1 : 0;
            }
            HeaderMeter meter = measure(mail.toString());
            assertEquals(scanner.end(), meter.length(), () -> mail.toString());
            assertEquals(received, meter.receivedFields(), () -> mail.toString());
        }
    }
}
