package org.postbus.smtpgateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postbus.events.Envelope;
import org.postbus.events.HeaderEdits;
import org.postbus.events.MailRecord;

/** Filters that say what they are told to, over their real protocols. */
class ContentFilterTest {

    private static final String MAIL = "Subject: lunch\r\n today\r\nTo: jones@example.org\r\n\r\nsoup\r\n";

    @TempDir
    private static Path folder;
    private static TestKafka kafka;

    private StubRspamd rspamd;
    private StubMilter milter;

    @BeforeAll
    static void start() {
        kafka = TestKafka.withJones(folder);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @BeforeEach
    void startFilters() {
        rspamd = new StubRspamd();
        milter = new StubMilter();
    }

    @AfterEach
    void stopFilters() {
        rspamd.close();
        milter.close();
    }

    private static TestGateway gateway(String url) {
        return gateway(url, "defer");
    }

    private static TestGateway gateway(String url, String onFailure) {
        return new TestGateway(kafka, "smtp.filter.url=" + url, "smtp.filter.timeout=700ms", "smtp.filter.on-failure=" + onFailure);
    }

    @Test
    void rspamdHearsWhoSendsWhatToWhomAndItsFieldsAreAdded() throws Exception {
        rspamd.answer = """
                {"action": "add header", "milter": {"add_headers": {"X-Spamd-Bar": "++", "X-Two": [{"value": "a", "order": 1}, "b\\n\\tc"],
                 "X Bad": "x", "X-Cut": "y\\nSubject: forged"}, "remove_headers": {"X-Rspamd": 0}}}""";
        try (TestGateway gateway = gateway(rspamd.url())) {
            Envelope envelope = whole(mail(gateway, MAIL)).envelope();
            assertTrue(envelope.traceFields().startsWith("X-Spamd-Bar: ++\r\nX-Two: a\r\nX-Two: b\r\n\tc\r\nX-Cut: y Subject: forged\r\n"
                    + "X-Spam: Yes\r\nReceived: "), envelope.traceFields());
            assertEquals(List.of("X-Rspamd", "X-Spam"), envelope.removedFields());
        }
        assertEquals(MAIL, rspamd.mail.toString());
        assertEquals("127.0.0.1", rspamd.headers.get("IP"));
        assertEquals("smith@client.test", rspamd.headers.get("From"));
        assertEquals(List.of("jones@example.org", "JONES@example.org"), rspamd.headers.getAll("Rcpt"));
        assertEquals("client.test", rspamd.headers.get("Helo"));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\0', delimiter = '|', value = {
        "{\"action\":\"reject\"}|554 5.7.1 Message refused by content filter",
        "{\"action\":\"reject\",\"messages\":{\"smtp_message\":\"no\\r\\n250 \\u00fcber\"}}|554 5.7.1 no??250 ?ber",
        "{\"action\":\"soft reject\",\"messages\":{\"smtp_message\":\"Greylisted\"}}|451 4.7.1 Greylisted",
        "{\"action\":\"greylist\"}|250 2.0.0",
        "{\"action\":\"discard\"}|250 2.0.0",
        "{\"action\":\"no action\",\"milter\":[]}|451 4.7.1",
        "{\"action\":\"dance\"}|451 4.7.1",
        "{\"action\":null}|451 4.7.1",
        "{\"action\":\"no action\",\"milter\":null}|451 4.7.1",
        "null|451 4.7.1",
        "no JSON|451 4.7.1",
    })
    void whatRspamdSaysIsTheMailsReply(String answer, String reply) throws Exception {
        rspamd.answer = answer;
        try (TestGateway gateway = gateway(rspamd.url()); Client client = gateway.connect()) {
            client.startMail("smith@client.test", "jones@example.org");
            Client.expect(reply, client.send(MAIL).ask("."));
            // The session goes on.
            rspamd.answer = "{\"action\":\"no action\"}";
            client.nextMail("smith@client.test", "jones@example.org").send(MAIL).endMail();
        }
    }

    @Test
    void aLargeMailIsStreamedToRspamdAndItsFieldsComeLast() throws Exception {
        rspamd.answer = "{\"action\":\"quarantine\"}";
        String large = MAIL + "more soup\r\n".repeat(100_000);
        try (TestGateway gateway = gateway(rspamd.url())) {
            var closing = assertInstanceOf(MailRecord.Closing.class, kafka.mail(mail(gateway, large)).getLast());
            assertEquals(new HeaderEdits("X-Spam: Yes\r\nX-Postbus-Quarantine: Rspamd: quarantine\r\n", List.of("X-Spam")), closing.edits());
            assertEquals(1, gateway.registry.get("postbus.smtp.filter").tag("verdict", "quarantined").timer().count());
        }
        assertEquals(large, rspamd.mail.toString());
        assertEquals("chunked", rspamd.headers.get("Transfer-Encoding"));
    }

    @ParameterizedTest
    @CsvSource({"defer,451 4.7.1", "accept,250 2.0.0"})
    void aFilterThatDoesNotAnswerDefersOrLetsPass(String policy, String reply) throws Exception {
        rspamd.silent = true;
        milter.silent = true;
        for (String url : List.of(rspamd.url(), milter.url(), "http://127.0.0.1:1", "milter://127.0.0.1:1")) {
            for (String mail : List.of(MAIL, MAIL + "x\r\n".repeat(200_000))) {
                try (TestGateway gateway = gateway(url, policy); Client client = gateway.connect()) {
                    client.startMail("smith@client.test", "jones@example.org");
                    Client.expect(reply, client.send(mail).ask("."));
                    Await.until("its memory is free", () -> gateway.registry.get("postbus.smtp.data.in.flight").gauge().value() == 0);
                }
            }
        }
    }

    @Test
    void aMilterHearsEachStepAndChangesFields() throws Exception {
        milter.answers.put('E', List.of(StubMilter.packet('p', ""), StubMilter.packet('h', "X-Seen|by milter|"),
                StubMilter.packet('i', "||||X-First|1\n 2|"), StubMilter.packet('m', "||||Subject||"),
                StubMilter.packet('m', "||||To|brown@example.org|"), StubMilter.packet('q', "looks odd|"), StubMilter.packet('c', "")));
        try (TestGateway gateway = gateway(milter.url())) {
            Envelope envelope = whole(mail(gateway, MAIL)).envelope();
            assertTrue(envelope.traceFields().startsWith("X-Seen: by milter\r\nX-First: 1\r\n 2\r\nTo: brown@example.org\r\n"
                    + "X-Postbus-Quarantine: looks odd\r\nReceived: "), envelope.traceFields());
            assertEquals(List.of("Subject", "To"), envelope.removedFields());
            Await.until("the milter is told goodbye", () -> milter.heard.getLast().equals("Q"));
        }
        List<String> steps = milter.heard.stream().filter(step -> !step.startsWith("D") && !step.startsWith("O")).toList();
        assertEquals(List.of("C[127.0.0.1]|4||127.0.0.1|", "Hclient.test|", "M<smith@client.test>|", "R<jones@example.org>|",
                "R<JONES@example.org>|", "T", "LSubject|lunch\n today|", "LTo|jones@example.org|", "N", "Bsoup\r\n", "E", "Q"), steps);
        assertTrue(milter.heard.stream().anyMatch(step -> step.startsWith("DCj|mx.example.org|{client_addr}|127.0.0.1|")), milter.heard.toString());
    }

    @Test
    void aMilterIsSparedWhatItDoesNotWant() throws Exception {
        // All but the header fields, unanswered, with their leading space.
        milter.protocol = 0x01 | 0x02 | 0x04 | 0x08 | 0x10 | 0x40 | 0x80 | 0x200 | 0x100000;
        try (TestGateway gateway = gateway(milter.url())) {
            mail(gateway, MAIL);
            Await.until("the milter is told goodbye", () -> milter.heard.getLast().equals("Q"));
        }
        assertEquals(List.of("LSubject| lunch\n today|", "LTo| jones@example.org|", "E", "Q"),
                milter.heard.stream().filter(step -> !step.startsWith("D") && !step.startsWith("O")).toList());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\0', delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        "R|r||554 5.7.1 Message refused", "M|t||451 4.7.1", "E|y|550 5.7.1 Not this one|554 5.7.1 Not this one",
        "E|y|450 4.7.1 Wait|451 4.7.1 Wait", "C|a||250", "B|s||250", "E|d||250", "E|b|another body|451 4.7.1", "H|?||451 4.7.1",
    })
    void whateverStepAMilterAnswersIsTheMailsReply(char step, char answer, String data, String reply) throws Exception {
        milter.answers.put(step, List.of(StubMilter.packet(answer, data == null ? "" : data)));
        for (String mail : List.of(MAIL, MAIL + "x\r\n".repeat(200_000))) {
            try (TestGateway gateway = gateway(milter.url()); Client client = gateway.connect()) {
                client.startMail("smith@client.test", "jones@example.org");
                Client.expect(reply, client.send(mail).ask("."));
            }
        }
    }

    @Test
    void aMilterThatBreaksItsProtocolHasFailed() throws Exception {
        for (Buffer broken : List.of(Buffer.buffer().appendInt(0), Buffer.buffer().appendInt(-1), Buffer.buffer().appendInt(1 << 30))) {
            milter.answers.put('C', List.of(broken));
            try (TestGateway gateway = gateway(milter.url()); Client client = gateway.connect()) {
                client.startMail("smith@client.test", "jones@example.org");
                Client.expect("451 4.7.1", client.send(MAIL).ask("."));
            }
        }
    }

    private static UUID mail(TestGateway gateway, String mail) throws IOException {
        try (Client client = gateway.connect()) {
            return client.startMail("smith@client.test", "jones@example.org", "JONES@example.org")
                    .send(mail.getBytes(StandardCharsets.ISO_8859_1)).endMail();
        }
    }

    @SuppressWarnings("unchecked")
    private static MailRecord.Whole<Envelope> whole(UUID id) throws Exception {
        return assertInstanceOf(MailRecord.Whole.class, kafka.mail(id).getFirst());
    }
}
