package org.postbus.pop3gateway;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.postbus.protocol.pop3.TestMaildrop;
import org.postbus.protocol.transcript.Chunking;
import org.postbus.protocol.transcript.Given;
import org.postbus.protocol.transcript.SocketPeer;
import org.postbus.protocol.transcript.Transcript;
import org.postbus.protocol.transcript.TranscriptRunner;
import org.postbus.protocol.transcript.Transcripts;

/** Every POP3 transcript through the gateway: the same files that the bare engine runs. */
class Pop3TranscriptOverTcpTest {

    @TestFactory
    Stream<DynamicTest> whole() {
        return Transcripts.under("pop3").stream()
                .map(transcript -> DynamicTest.dynamicTest(transcript.name(), () -> run(transcript, Chunking.WHOLE)));
    }

    @TestFactory
    Stream<DynamicTest> inHalves() {
        return Transcripts.under("pop3").stream().map(transcript -> DynamicTest.dynamicTest(transcript.name(),
                () -> run(transcript, group -> Chunking.splitAt(group.length / 2).cut(group))));
    }

    private static void run(Transcript transcript, Chunking chunking) throws Exception {
        try (Platform platform = Platform.start(TestMaildrop.of(transcript), settings(transcript));
                SocketPeer peer = platform.peer()) {
            TranscriptRunner.run(transcript, peer, chunking, Duration.ofSeconds(10));
        }
    }

    private static Map<String, String> settings(Transcript transcript) {
        return transcript.givens().stream().filter(Given.Config.class::isInstance).map(Given.Config.class::cast)
                .collect(java.util.stream.Collectors.toMap(Given.Config::key, Given.Config::value));
    }
}
