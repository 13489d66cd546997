package org.postbus.protocol.pop3;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.postbus.protocol.transcript.Chunking;
import org.postbus.protocol.transcript.Transcript;
import org.postbus.protocol.transcript.TranscriptRunner;
import org.postbus.protocol.transcript.Transcripts;

/** Every POP3 transcript against the bare engine: whole, octet by octet, and split at every point. */
class Pop3TranscriptTest {

    private static final List<Transcript> ALL = Transcripts.under("pop3");
    /** Groups longer than this are octets by the thousand; their splits are sampled. */
    private static final int EVERY_SPLIT = 1000;

    @TestFactory
    Stream<DynamicTest> whole() {
        return tests(transcript -> run(transcript, Chunking.WHOLE, 1000));
    }

    @TestFactory
    Stream<DynamicTest> octetByOctet() {
        return tests(transcript -> run(transcript, Chunking.OCTETS, 1));
    }

    @TestFactory
    Stream<DynamicTest> splitAtEveryPoint() {
        return tests(transcript -> {
            int step = Math.max(1, transcript.longestGroup() / EVERY_SPLIT);
            for (int point = 1; point < transcript.longestGroup(); point += step) {
                run(transcript, Chunking.splitAt(point), point);
            }
        });
    }

    private interface Check {
        void accept(Transcript transcript) throws IOException;
    }

    private static Stream<DynamicTest> tests(Check check) {
        return ALL.stream().map(transcript -> DynamicTest.dynamicTest(transcript.name(), () -> check.accept(transcript)));
    }

    private static void run(Transcript transcript, Chunking chunking, int pieceOctets) throws IOException {
        EnginePeer peer = new EnginePeer(TestMaildrop.of(transcript), EnginePeer.POLICY, pieceOctets);
        TranscriptRunner.run(transcript, peer, chunking, Duration.ofSeconds(1));
    }
}
