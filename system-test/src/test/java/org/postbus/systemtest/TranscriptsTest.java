package org.postbus.systemtest;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.protocol.transcript.Chunking;
import org.postbus.protocol.transcript.Given;
import org.postbus.protocol.transcript.SocketPeer;
import org.postbus.protocol.transcript.Transcript;
import org.postbus.protocol.transcript.TranscriptRunner;
import org.postbus.protocol.transcript.Transcripts;

/** Every session transcript, on the whole platform. */
@ExtendWith(SharedPlatform.class)
class TranscriptsTest {

    /** Said for the reader's sake; the shared platform has them anyway. */
    private static final Set<Given> DEFAULTS = Set.of(new Given.Config("smtp.require-helo", "true"));
    private static final Duration LINE_WITHIN = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicNode> withTheDefaults(RunningPlatform platform) {
        return all().filter(transcript -> configuration(transcript).isEmpty())
                .map(transcript -> test(platform, transcript));
    }

    /** One start for all transcripts that name the same configuration; on the data of the one before, which makes it shorter. */
    @TestFactory
    Stream<DynamicTest> withConfiguration() {
        Map<Map<String, String>, List<Transcript>> groups = all()
                .filter(transcript -> !configuration(transcript).isEmpty())
                .collect(Collectors.groupingBy(TranscriptsTest::configuration));
        return groups.entrySet().stream().map(group -> dynamicTest(group.getKey().toString(), () -> {
            try (RunningPlatform platform = RunningPlatform.start(folder.resolve("data"), group.getKey())) {
                for (Transcript transcript : group.getValue()) {
                    run(platform, transcript);
                }
            }
        }));
    }

    private static Stream<Transcript> all() {
        return Stream.of("smtp", "submission", "pop3").flatMap(protocol -> Transcripts.under(protocol).stream());
    }

    private static DynamicTest test(RunningPlatform platform, Transcript transcript) {
        return dynamicTest(transcript.name(), () -> run(platform, transcript));
    }

    private static Map<String, String> configuration(Transcript transcript) {
        Map<String, String> configuration = new TreeMap<>();
        for (Given given : transcript.givens()) {
            if (given instanceof Given.Config(String key, String value) && !DEFAULTS.contains(given)) {
                configuration.put(key, value);
            }
        }
        return configuration;
    }

    private static void run(RunningPlatform platform, Transcript transcript) throws Exception {
        for (Given given : transcript.givens()) {
            provide(platform, transcript, given);
        }
        int port = switch (transcript.name().substring(0, transcript.name().indexOf('/'))) {
            case "smtp" -> platform.smtpPort();
            case "submission" -> platform.submissionPort();
            default -> platform.pop3Port();
        };
        try (SocketPeer peer = new SocketPeer(new InetSocketAddress("localhost", port))) {
            TranscriptRunner.run(transcript, peer, Chunking.WHOLE, LINE_WITHIN);
        }
    }

    private static void provide(RunningPlatform platform, Transcript transcript, Given given) throws Exception {
        AdminApi admin = platform.admin();
        switch (given) {
            case Given.Domain(String name) -> admin.domain(name);
            case Given.Account account -> admin.account(account.address(), account.password(), account.quotaOctets());
            case Given.Alias(String address, List<String> targets) -> admin.alias(address, targets);
            case Given.Config ignored -> { }
            case Given.Mail mail -> file(platform, transcript, mail);
        }
    }

    /** Sends the mail and waits until it lies in the maildrop. */
    private static void file(RunningPlatform platform, Transcript transcript, Given.Mail mail) throws Exception {
        String text = mail.text().replaceAll("(?m)^\\.", "..");
        try (SmtpClient smtp = platform.smtp()) {
            boolean international = text.split("\r\n\r\n", 2)[0].chars().anyMatch(octet -> octet > 127);
            String mailId = smtp.mail("", international ? " SMTPUTF8 BODY=8BITMIME" : "", List.of(mail.recipient()), text.endsWith("\r\n") ? text : text + "\r\n");
            new Maildrop(platform, mail.recipient(), passwordOf(transcript, mail.recipient())).await(mailId);
        }
    }

    private static String passwordOf(Transcript transcript, String address) throws IOException {
        return transcript.givens().stream()
                .filter(given -> given instanceof Given.Account account && account.address().equals(address))
                .map(given -> ((Given.Account) given).password())
                .findFirst()
                .orElseThrow();
    }
}
