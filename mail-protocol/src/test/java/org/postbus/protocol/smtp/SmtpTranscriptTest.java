package org.postbus.protocol.smtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postbus.protocol.transcript.Chunking;
import org.postbus.protocol.transcript.Transcript;
import org.postbus.protocol.transcript.TranscriptRunner;
import org.postbus.protocol.transcript.Transcripts;

/** Every SMTP transcript against the bare engine, however the client's octets are cut. */
class SmtpTranscriptTest {

    static Stream<Transcript> transcripts() {
        return Stream.concat(Transcripts.under("smtp").stream(), Transcripts.under("submission").stream());
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void whole(Transcript transcript) throws IOException {
        run(transcript, Chunking.WHOLE);
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void octetByOctet(Transcript transcript) throws IOException {
        sameMails(run(transcript, Chunking.WHOLE), run(transcript, Chunking.OCTETS));
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void splitAtEveryPoint(Transcript transcript) throws IOException {
        List<byte[]> whole = run(transcript, Chunking.WHOLE);
        for (int point = 1; point < transcript.longestGroup(); point++) {
            sameMails(whole, run(transcript, Chunking.splitAt(point)));
        }
    }

    private static List<byte[]> run(Transcript transcript, Chunking chunking) throws IOException {
        EnginePeer peer = new EnginePeer(transcript);
        TranscriptRunner.run(transcript, peer, chunking, Duration.ZERO);
        return peer.accepted;
    }

    private static void sameMails(List<byte[]> expected, List<byte[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i));
        }
    }
}
