package org.postbus.protocol.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.postbus.protocol.address.ReversePath;
import org.postbus.protocol.message.Completed;
import org.postbus.protocol.message.CompletionFacts;
import org.postbus.protocol.message.HeaderCompletion;
import org.postbus.protocol.message.HeaderMeter;
import org.postbus.protocol.transcript.Chunking;

/** Header sections of any octets. */
class HeaderFuzzTest {

    private static final CompletionFacts FACTS = new CompletionFacts("01936f2a-7c00-7aaa-8bbb-0123456789ab", "mx.example.org",
            Instant.EPOCH, ReversePath.parse("a@b.test"), "Received: from c\r\n\tby mx.example.org;\r\n\tThu, 1 Jan 1970 00:00:00 +0000\r\n",
            List.of());
    /** What completion adds at most: Return-Path, trace fields, Date, From, Message-ID, two line ends. */
    private static final int ADDED = 400;

    /** Completed once it is complete: again, only what is ours changes. The body is never touched. */
    @FuzzTest(maxDuration = "2m")
    void completion(byte[] head) {
        Completed completed = HeaderCompletion.complete(head, FACTS);
        assertTrue(completed.consumed() >= 0 && completed.consumed() <= head.length, completed::toString);
        assertTrue(completed.replacement().length <= completed.consumed() + ADDED, completed::toString);
        assertArrayEquals(completed.replacement(), HeaderCompletion.complete(head, FACTS).replacement());
        String stored = text(completed.replacement());
        assertTrue(stored.startsWith("Return-Path: <a@b.test>\r\n") && stored.endsWith("\r\n\r\n"), stored);
        // The header section of the stored mail is the replacement, to its last octet: no field slips into the body, or out of it.
        assertEquals(completed.replacement().length, HeaderCompletion.complete((stored + "Bcc: x\r\n").getBytes(StandardCharsets.ISO_8859_1), FACTS).consumed());
    }

    /** The same count of fields however the octets come, and the verdict on the size of what is kept. */
    @FuzzTest(maxDuration = "2m")
    void meter(byte[] input) {
        FuzzCase fuzzed = FuzzCase.of(input);
        HeaderMeter whole = measure(Chunking.WHOLE.cut(fuzzed.octets()));
        for (Chunking chunking : List.of(fuzzed.finely(), fuzzed.chunking())) {
            HeaderMeter cut = measure(chunking.cut(fuzzed.octets()));
            assertEquals(whole.receivedFields(), cut.receivedFields());
            assertEquals(whole.tooLarge(), cut.tooLarge());
        }
        assertTrue(!whole.tooLarge() || fuzzed.octets().length > HeaderMeter.MAX_OCTETS);
        assertTrue(whole.receivedFields() <= fuzzed.octets().length / "Received:".length());
    }

    private static HeaderMeter measure(List<byte[]> pieces) {
        HeaderMeter meter = new HeaderMeter();
        pieces.forEach(piece -> meter.update(piece, 0, piece.length));
        return meter;
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
