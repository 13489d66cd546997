package org.postbus.protocol.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.postbus.protocol.transcript.Chunking;

/** POP3 sessions of any octets. */
class Pop3SessionFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void session(byte[] input) {
        FuzzCase fuzzed = FuzzCase.of(input);
        Pop3Host.Outcome whole = Pop3Host.run(fuzzed, Chunking.WHOLE.cut(fuzzed.octets()));
        assertEquals(whole, Pop3Host.run(fuzzed, fuzzed.finely().cut(fuzzed.octets())));
        assertEquals(whole, Pop3Host.run(fuzzed, fuzzed.chunking().cut(fuzzed.octets())));
        // Only QUIT deletes (RFC 1939, section 6).
        String sent = new String(fuzzed.octets(), StandardCharsets.ISO_8859_1).toUpperCase();
        assertTrue(sent.contains("QUIT") || whole.questions().stream().noneMatch(question -> question.startsWith("update")), whole::toString);
    }
}
