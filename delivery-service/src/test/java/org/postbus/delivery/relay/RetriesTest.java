package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postbus.delivery.Fixtures;
import org.postbus.delivery.dsn.Action;
import org.postbus.delivery.dsn.Report;
import org.postbus.events.Envelope;
import org.postbus.events.MailIds;
import org.postbus.events.NotificationRequest;
import org.postbus.protocol.smtp.Notify;
import org.postbus.protocol.smtp.Return;
import org.postbus.events.TrailStep;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;
import org.postbus.protocol.remote.Script.Answer;

/** When a mail is tried again, and who is told what of it (RFC 5321, section 4.5.4.1; RFC 3461, sections 4 and 5.2). */
class RetriesTest {

    private static final Script NOT_TODAY = Script.onCommand("RCPT", new Answer.Say("451 4.3.0 not today\r\n"));
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
    void attemptsGrowRarerFromMinutesToHoursForFiveDays() throws Exception {
        ELSEWHERE.domain("slow.test", NOT_TODAY);
        bench.settled();
        Instant begin = bench.now();
        UUID mailId = bench.enqueue("ann@one.test", "bob@slow.test");
        UUID silent = bench.enqueue(envelope("silent@slow.test", Optional.of(Set.of())), mail(), "silent@slow.test");
        UUID ofNobody = bench.enqueue("", "null@slow.test");
        List<Instant> attempts = new ArrayList<>();
        do {
            attempts.add(bench.now());
            bench.settled();
            bench.texts("select min(next_attempt_at)::text from recipient where mail_id = '" + mailId + "'").stream()
                    .filter(text -> text != null).forEach(next -> bench.pass(Duration.between(bench.now(), instant(next))));
        } while (bench.count("select count(*) from recipient where mail_id = '" + mailId + "'") > 0);
        bench.pass(Duration.ofHours(4));
        bench.settled();

        assertEquals(List.of(Action.DELAYED, Action.FAILED), reports(mailId).stream().map(report -> report.recipients().getFirst().action()).toList());
        assertEquals(List.of("4.3.0", "5.4.7"), reports(mailId).stream().map(report -> report.recipients().getFirst().status()).toList());
        Instant told = reports(mailId).getFirst().at();
        assertEquals(begin.plus(Duration.ofHours(4)), told);
        assertEquals(begin.plus(Duration.ofDays(5)), reports(mailId).getLast().at());
        assertEquals(List.of(), reports(silent));
        assertEquals(List.of(), reports(ofNobody));
        assertEquals(0, bench.queued());
        waits(attempts);
    }

    private static void waits(List<Instant> attempts) {
        List<Long> minutes = new ArrayList<>();
        for (int i = 1; i < attempts.size() - 1; i++) {
            minutes.add(Duration.between(attempts.get(i - 1), attempts.get(i)).toMinutes());
        }
        assertTrue(minutes.getFirst() <= 1, "the first wait: " + minutes);
        assertTrue(minutes.stream().skip(1).limit(1).allMatch(wait -> wait >= 4 && wait <= 6), "the second wait: " + minutes);
        assertTrue(minutes.stream().allMatch(wait -> wait <= 288), "over four hours and a fifth: " + minutes);
        assertTrue(minutes.stream().skip(10).limit(15).allMatch(wait -> wait >= 191), "under four hours less a fifth: " + minutes);
        assertTrue(minutes.stream().skip(10).distinct().count() > 10, "no chance in it: " + minutes);
        assertTrue(minutes.size() > 30 && minutes.size() < 60, "attempts: " + minutes);
    }

    @Test
    void whoWantsToHearOfSuccessHearsOfItFromUsWhereTheRemoteWillNotTell() throws Exception {
        RemoteMx mx = ELSEWHERE.domain("mute.test", Elsewhere.CHUNKING, Optional.empty(), Script.USUAL);
        UUID mailId = bench.enqueue(envelope("bob@mute.test", Optional.of(Set.of(Notify.SUCCESS))), mail(), "bob@mute.test");
        bench.settled();
        Report report = reports(mailId).getFirst();
        assertEquals(Action.RELAYED, report.recipients().getFirst().action());
        assertEquals("2.0.0", report.recipients().getFirst().status());
        assertEquals("mx.mute.test", report.recipients().getFirst().remoteMta().get().name());
        assertTrue(mx.mails().getFirst().recipients().getFirst().endsWith("<bob@mute.test>"), "no parameter that it does not know");
    }

    @Test
    void aRemoteThatTellsIsAskedTo() throws Exception {
        RemoteMx mx = ELSEWHERE.domain("telling.test", Script.USUAL);
        UUID mailId = bench.enqueue(envelope("bob@telling.test", Optional.of(Set.of(Notify.SUCCESS, Notify.DELAY))), mail(),
                "bob@telling.test");
        bench.settled();
        assertEquals(List.of(), reports(mailId));
        assertEquals(Set.of("MAIL", "FROM:<ann@one.test>", "SIZE=" + mx.mails().getFirst().octets().length, "RET=HDRS", "ENVID=id+2B1"),
                words(mx.mails().getFirst().mail(), "BODY"));
        String rcpt = mx.mails().getFirst().recipients().getFirst();
        assertTrue(rcpt.contains(" ORCPT=rfc822;Bob+2B@telling.test"), rcpt);
        assertTrue(rcpt.contains("NOTIFY=SUCCESS,DELAY") || rcpt.contains("NOTIFY=DELAY,SUCCESS"), rcpt);
    }

    @Test
    void neverIsPassedOn() throws Exception {
        RemoteMx mx = ELSEWHERE.domain("never.test", Script.USUAL);
        bench.enqueue(envelope("bob@never.test", Optional.of(Set.of())), mail(), "bob@never.test");
        bench.settled();
        assertTrue(mx.mails().getFirst().recipients().getFirst().contains(" NOTIFY=NEVER"));
    }

    @Test
    void whoWantsToHearOfNothingHearsNothingOfAFailure() throws Exception {
        ELSEWHERE.domain("no.test", Script.onCommand("RCPT", new Answer.Say("550 5.1.1 who?\r\n")));
        UUID mailId = bench.enqueue(envelope("bob@no.test", Optional.of(Set.of())), mail(), "bob@no.test");
        UUID delays = bench.enqueue(envelope("eve@no.test", Optional.of(Set.of(Notify.DELAY))), mail(), "eve@no.test");
        UUID other = bench.enqueue(envelope("joe@no.test", Optional.of(Set.of(Notify.FAILURE))), mail(), "joe@no.test");
        bench.settled();
        assertEquals(List.of(), reports(mailId));
        assertEquals(List.of(), reports(delays));
        assertEquals(1, reports(other).size());
        assertEquals(3, bench.trail().stream().filter(event -> event.step() == TrailStep.FAILED)
                .filter(event -> event.recipients().getFirst().finalRecipient().endsWith("@no.test")).count());
    }

    private static Set<String> words(String line, String without) {
        return List.of(line.split(" ")).stream().filter(word -> !word.startsWith(without)).collect(Collectors.toSet());
    }

    private static byte[] mail() {
        return Fixtures.octets("Subject: hi\r\n\r\nhi\r\n");
    }

    /** Asks for that about the one recipient. */
    private static Envelope envelope(String recipient, Optional<Set<Notify>> notifyOn) {
        UUID mailId = MailIds.mint();
        NotificationRequest asked = new NotificationRequest(Optional.of("id+1"), Optional.of(Return.HDRS), List.of(
                new NotificationRequest.Recipient(recipient, notifyOn, Optional.of("rfc822;Bob+" + recipient.substring(recipient.indexOf('@'))))));
        return new Envelope(mailId, "ann@one.test", List.of(recipient), "7BIT", new Envelope.Client("192.0.2.1", "client.example"),
                "ESMTP", "mx.example.org", MailIds.time(mailId), 0, "Received: from client.example\r\n", Optional.of(asked), List.of(), true);
    }

    private static List<Report> reports(UUID mailId) throws Exception {
        return bench.reports().stream().filter(report -> report.envelope().mailId().equals(mailId)).toList();
    }

    private static Instant instant(String timestamp) {
        return OffsetDateTime.parse(timestamp.replace(' ', 'T').replaceFirst("([+-]\\d\\d)$", "$1:00")).toInstant();
    }
}
