package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postbus.delivery.Fixtures;
import org.postbus.delivery.dsn.Action;
import org.postbus.delivery.dsn.Diagnostic;
import org.postbus.delivery.dsn.Report;
import org.postbus.delivery.dsn.ReportedRecipient;
import org.postbus.events.Envelope;
import org.postbus.events.MailIds;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;
import org.postbus.protocol.remote.Script.Answer;

/** Each recipient fares by itself, and the report says how; mail that a remote cannot take is not sent to it. */
class MailOutcomesTest {

    private static final String TRACE = "Received: x\r\n";

    private static final Elsewhere ELSEWHERE = new Elsewhere();
    private static RelayBench bench;

    @BeforeAll
    static void begin() throws Exception {
        ELSEWHERE.host("first.test", Script.USUAL);
        bench = new RelayBench(ELSEWHERE.settings(Map.of())).start();
    }

    @AfterAll
    static void end() throws Exception {
        bench.close();
        ELSEWHERE.close();
    }

    @Test
    void ofOneMailSomeIsRelayedSomeWaitsAndSomeFails() throws Exception {
        Script script = Script.onCommand("RCPT TO:<later", new Answer.Say("452 4.2.2 full\r\n"))
                .or(Script.onCommand("RCPT TO:<never", new Answer.Say("550-5.1.1 nobody\r\n550 5.1.1 of that name\r\n")))
                .or(Script.onCommand("RCPT TO:<many", new Answer.Say("552 too many\r\n")))
                .or(Script.onCommand("RCPT TO:<full", new Answer.Say("552 5.2.2 mailbox full\r\n")));
        RemoteMx mx = ELSEWHERE.domain("mixed.test", script);
        RemoteMx other = ELSEWHERE.domain("refusing.test", Script.onMail(new Answer.Say("554 5.7.1 spam\r\n")));
        UUID mailId = bench.enqueue("ann@one.test", "now@mixed.test", "later@mixed.test", "never@mixed.test", "many@mixed.test",
                "full@mixed.test", "bob@refusing.test", "eve@refusing.test");
        bench.settled();
        assertEquals(List.of("RCPT TO:<now@mixed.test>"), mx.mails().getFirst().recipients());
        assertEquals(0, other.mails().size());
        assertEquals(Map.of("later@mixed.test", "4.2.2", "many@mixed.test", "4.5.3"), waiting(mailId));
        assertEquals(Map.of("never@mixed.test", "5.1.1 550 5.1.1 nobody of that name", "full@mixed.test", "5.2.2 552 5.2.2 mailbox full",
                "bob@refusing.test", "5.7.1 554 5.7.1 spam", "eve@refusing.test", "5.7.1 554 5.7.1 spam"), failed(mailId));
        ReportedRecipient never = recipients(mailId).stream().filter(one -> one.finalRecipient().equals("never@mixed.test")).findFirst().get();
        assertEquals(Diagnostic.Type.SMTP, never.diagnostic().get().type());
        assertEquals("mx.mixed.test", never.remoteMta().get().name());
        assertTrue(never.remoteMta().get().address().startsWith("127.0.1."));
        assertEquals(Action.FAILED, never.action());
    }

    @Test
    void eightBitMailIsNotSentWhereItWouldBeCut() throws Exception {
        assertEquals("5.6.3", refused("seven.test", List.of("PIPELINING", "SMTPUTF8"), "ESMTP", "Subject: x\r\n\r\nGr\u00fc\u00dfe\r\n"));
    }

    @Test
    void anInternationalHeaderNeedsARemoteThatKnowsIt() throws Exception {
        assertEquals("5.6.7", refused("ascii.test", List.of("PIPELINING", "8BITMIME"), "UTF8SMTP", "Subject: Gr\u00fc\u00dfe\r\n\r\nx\r\n"));
    }

    @Test
    void soDoTraceFields() throws Exception {
        assertEquals("5.6.7", refused("traced.test", List.of("PIPELINING", "8BITMIME"), "UTF8SMTP",
                "Received: x\r\n\tfor <\u00fc@one.test>\r\n", "Subject: x\r\n\r\nx\r\n"));
    }

    @Test
    void anInternationalAddressNeedsARemoteThatKnowsIt() throws Exception {
        RemoteMx mx = ELSEWHERE.domain("local.test", List.of("PIPELINING", "8BITMIME"), Optional.empty(), Script.USUAL);
        UUID mailId = bench.enqueue("ann@one.test", "j\u00f6rg@local.test", "joe@local.test");
        bench.settled();
        assertEquals(List.of("5.6.7"), recipients(mailId).stream().map(ReportedRecipient::status).toList());
        assertEquals(List.of("RCPT TO:<joe@local.test>"), mx.mails().getFirst().recipients());
    }

    @Test
    void aMailThatIsTooLargeIsNotSent() throws Exception {
        assertEquals("5.3.4", refused("small.test", List.of("PIPELINING", "SIZE 1000"), "ESMTP", "Subject: x\r\n\r\n" + "x\r\n".repeat(1000)));
    }

    @Test
    void bareLineEndsAreNotSent() throws Exception {
        RemoteMx mx = ELSEWHERE.domain("bare.test", Script.USUAL);
        for (String data : List.of("Subject: x\r\n\r\na\n.\nb\r\n", "Subject: x\r\n\r\na\r.\rb\r\n", "Subject: x\r\n\r\nx\r")) {
            UUID mailId = send("bare.test", "ESMTP", data);
            assertEquals(List.of("5.6.0"), recipients(mailId).stream().map(ReportedRecipient::status).toList());
        }
        assertEquals(0, mx.mails().size());
    }

    @Test
    void aReportOfAFailureHasTheHeaderSection() throws Exception {
        ELSEWHERE.domain("header.test", Script.onCommand("MAIL", new Answer.Say("550 5.7.1 not you\r\n")));
        UUID mailId = send("header.test", "ESMTP", "Subject: hi\r\nX-A: b\r\n\r\nbody\r\n");
        Report report = reports(mailId).getFirst();
        assertEquals("Subject: hi\r\nX-A: b\r\n", new String(report.headerSection()).replace("\r\n\r\n", "\r\n"));
        assertEquals("550 5.7.1 not you", report.recipients().getFirst().diagnostic().get().text());
    }

    /** The status that the mail fails with, while the remote sees nothing of it. */
    private static String refused(String domain, List<String> keywords, String protocol, String data) throws Exception {
        return refused(domain, keywords, protocol, TRACE, data);
    }

    private static String refused(String domain, List<String> keywords, String protocol, String trace, String data) throws Exception {
        RemoteMx mx = ELSEWHERE.domain(domain, keywords, Optional.empty(), Script.USUAL);
        UUID mailId = send(domain, protocol, trace, data);
        assertEquals(List.of(), mx.heard().stream().filter(line -> line.startsWith("MAIL")).toList());
        assertEquals(Diagnostic.Type.POSTBUS, recipients(mailId).getFirst().diagnostic().get().type());
        return recipients(mailId).getFirst().status();
    }

    private static UUID send(String domain, String protocol, String data) throws Exception {
        return send(domain, protocol, TRACE, data);
    }

    private static UUID send(String domain, String protocol, String trace, String data) throws Exception {
        UUID mailId = MailIds.mint();
        bench.enqueue(new Envelope(mailId, "ann@one.test", List.of("bob@" + domain), "8BITMIME", new Envelope.Client("192.0.2.1", ""),
                protocol, "mx.example.org", MailIds.time(mailId), 0, trace), Fixtures.octets(data), "bob@" + domain);
        bench.settled();
        return mailId;
    }

    private static Map<String, String> waiting(UUID mailId) throws Exception {
        return bench.texts("select final_recipient || ' ' || status from recipient where mail_id = '" + mailId + "'").stream()
                .map(text -> text.split(" ")).collect(Collectors.toMap(words -> words[0], words -> words[1]));
    }

    private static Map<String, String> failed(UUID mailId) throws Exception {
        return recipients(mailId).stream().collect(Collectors.toMap(ReportedRecipient::finalRecipient,
                one -> one.status() + " " + one.diagnostic().get().text()));
    }

    private static List<ReportedRecipient> recipients(UUID mailId) throws Exception {
        return reports(mailId).stream().flatMap(report -> report.recipients().stream()).toList();
    }

    private static List<Report> reports(UUID mailId) throws Exception {
        return bench.reports().stream().filter(report -> report.envelope().mailId().equals(mailId)).toList();
    }
}
