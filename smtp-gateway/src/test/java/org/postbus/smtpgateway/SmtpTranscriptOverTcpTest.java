package org.postbus.smtpgateway;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postbus.protocol.transcript.Chunking;
import org.postbus.protocol.transcript.Given;
import org.postbus.protocol.transcript.SocketPeer;
import org.postbus.protocol.transcript.Transcript;
import org.postbus.protocol.transcript.TranscriptRunner;
import org.postbus.protocol.transcript.Transcripts;

/** The transcripts of the bare engine, over TCP, with a real broker behind. */
class SmtpTranscriptOverTcpTest {

    private static final Duration DEADLINE = Duration.ofSeconds(15);

    @TempDir
    private static Path folder;
    private static TestKafka kafka;
    /** One gateway for each different configuration. */
    private static final Map<Map<String, String>, TestGateway> GATEWAYS = new HashMap<>();

    @BeforeAll
    static void start() {
        kafka = new TestKafka(folder.resolve("kafka"), 0);
    }

    @AfterAll
    static void stop() {
        GATEWAYS.values().forEach(TestGateway::close);
        kafka.close();
    }

    static Stream<Transcript> transcripts() {
        return Stream.concat(Transcripts.under("smtp").stream(), Transcripts.under("submission").stream());
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void overTcp(Transcript transcript) throws IOException {
        Map<String, String> settings = new HashMap<>();
        Map<Given.Account, UUID> accounts = new HashMap<>();
        for (Given given : transcript.givens()) {
            switch (given) {
                case Given.Domain(var name) -> kafka.domain(name, postmaster(transcript, name));
                case Given.Account account -> accounts.put(account, kafka.account(account.address(), true));
                case Given.Alias alias -> kafka.alias(alias.address(), alias.targets());
                case Given.Config(var key, var value) -> settings.put(key, value);
                case Given.Mail _ -> throw new IllegalArgumentException("no maildrop behind this gateway");
            }
        }
        TestGateway gateway = GATEWAYS.computeIfAbsent(settings, own -> new TestGateway(kafka.properties(), own));
        accounts.forEach((account, id) -> gateway.mailbox.account(account.address(), id, account.password()));
        boolean submission = transcript.name().startsWith("submission/");
        try (SocketPeer peer = new SocketPeer(submission ? gateway.submission() : gateway.address())) {
            TranscriptRunner.run(transcript, peer, Chunking.WHOLE, DEADLINE);
        }
    }

    private static Optional<String> postmaster(Transcript transcript, String domain) {
        return transcript.givens().stream()
                .filter(given -> given instanceof Given.Account account && account.address().endsWith("@" + domain))
                .map(given -> ((Given.Account) given).address())
                .findFirst();
    }
}
