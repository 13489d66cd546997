package org.postbus.protocol.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.postbus.protocol.proxy.ProxyHeader;
import org.postbus.protocol.proxy.ProxyHeader.Found;
import org.postbus.protocol.transcript.Chunking;

/** The header of a proxy, versions 1 and 2: any octets, any split. */
class ProxyHeaderFuzzTest {

    /** What was found, behind how many octets, and what was left for the session. */
    private record Outcome(Found found, int given, String rest) {

        /** The rest depends on how much the last write held; with what was not given it does not. */
        String restOf(String all) {
            return rest + all.substring(given);
        }
    }

    @FuzzTest(maxDuration = "2m")
    void header(byte[] input) {
        FuzzCase fuzzed = FuzzCase.of(input);
        String all = new String(fuzzed.octets(), StandardCharsets.ISO_8859_1);
        Outcome whole = read(Chunking.WHOLE.cut(fuzzed.octets()));
        Outcome octets = read(fuzzed.finely().cut(fuzzed.octets()));
        Outcome pieces = read(fuzzed.chunking().cut(fuzzed.octets()));
        assertEquals(whole.found(), octets.found());
        assertEquals(whole.found(), pieces.found());
        if (whole.found() instanceof Found.Client || whole.found() instanceof Found.Nobody) {
            assertEquals(whole.rest(), octets.restOf(all));
            assertEquals(whole.rest(), pieces.restOf(all));
        }
        // In small pieces nothing may be kept past the longest header.
        assertTrue(octets.given() <= ProxyHeader.MAX_BINARY + FuzzCase.SMALL, () -> octets.given() + " octets without a verdict");
    }

    private static Outcome read(List<byte[]> pieces) {
        ProxyHeader header = new ProxyHeader();
        Found found = new Found.Nothing();
        int given = 0;
        for (byte[] piece : pieces) {
            if (found instanceof Found.Nothing) {
                found = header.receive(piece);
                given += piece.length;
            }
        }
        String rest = found instanceof Found.Fault ? "" : new String(header.rest(), StandardCharsets.ISO_8859_1);
        return new Outcome(found, given, rest);
    }
}
