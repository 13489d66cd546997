package org.postbus.delivery.dsn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.postbus.delivery.dsn.Reports.asked;
import static org.postbus.delivery.dsn.Reports.octets;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postbus.delivery.Fixtures;
import org.postbus.events.Envelope;
import org.postbus.events.FailedRecipient;
import org.postbus.events.NotificationRequest;
import org.postbus.protocol.smtp.Notify;
import org.postbus.protocol.smtp.Return;

/** RFC 3461, sections 4.1 and 4.3: what a client hears of, and what comes back with it. */
class ReportTest {

    private static final String BOB = "bob@remote.test";

    @Test
    void whoAsksForNothingHearsOfFailuresAndDelays() {
        assertEquals(List.of(Action.FAILED, Action.DELAYED), heard(Fixtures.envelope(Reports.MAIL_ID, "ann@one.test", BOB)));
        NotificationRequest.Recipient open = new NotificationRequest.Recipient(BOB, Optional.empty(), Optional.of("rfc822;" + BOB));
        assertEquals(List.of(Action.FAILED, Action.DELAYED), heard(Reports.envelope("ann@one.test", Optional.empty(), open)));
    }

    @Test
    void whoAsksHearsThatAndNothingElse() {
        assertEquals(List.of(), heard(asking()));
        assertEquals(List.of(Action.FAILED), heard(asking(Notify.FAILURE)));
        assertEquals(List.of(Action.DELAYED), heard(asking(Notify.DELAY)));
        assertEquals(List.of(Action.DELIVERED, Action.RELAYED), heard(asking(Notify.SUCCESS)));
        assertEquals(List.of(Action.FAILED, Action.DELAYED, Action.DELIVERED, Action.RELAYED), heard(asking(Notify.values())));
    }

    @Test
    void eachRecipientIsJudgedByWhatWasAskedAboutIt() {
        Envelope envelope = Reports.envelope("ann@one.test", Optional.empty(), asked(BOB), asked("eve@remote.test", Notify.FAILURE));
        Report report = Reports.of(envelope, Reports.refused(BOB, "5.1.1", "550 no"), Reports.refused("eve@remote.test", "5.1.1", "550 no"));
        assertEquals(List.of("eve@remote.test"), report.wanted().recipients().stream().map(ReportedRecipient::finalRecipient).toList());
    }

    @Test
    void theWholeMailComesBackOfAFailureAlone() {
        ReportedRecipient failed = Reports.failed(BOB, "5.1.1", "no");
        assertArrayEquals(octets("mail"), returned(Optional.of(Return.FULL), failed, Reports.delivered(BOB)).orElseThrow());
        assertEquals(Optional.empty(), returned(Optional.of(Return.HDRS), failed));
        assertEquals(Optional.empty(), returned(Optional.empty(), failed));
        assertEquals(Optional.empty(), returned(Optional.of(Return.FULL), Reports.delivered(BOB)));
        assertEquals(Optional.empty(), returned(Optional.of(Return.FULL), Reports.delayed(BOB, "4.4.1", Diagnostic.own("x"))));
    }

    @Test
    void theEventOfAMailMakesOneNotification() {
        Envelope envelope = Fixtures.envelope(Reports.MAIL_ID, "ann@one.test", BOB);
        Report report = Report.from(Reports.event(envelope, List.of(new FailedRecipient(BOB, "cat@one.test", "5.2.2", "full"))));
        assertEquals(Reports.NOTIFICATION_ID, report.notificationId());
        assertEquals(List.of(new ReportedRecipient(BOB, "cat@one.test", Action.FAILED, "5.2.2", Optional.of(Diagnostic.own("full")))),
                report.recipients());
    }

    /** With the settings of the events' JSON, as a queue may keep them. */
    @Test
    void recipientsCanBeKeptAsJson() throws Exception {
        JsonMapper mapper = JsonMapper.builder().addModule(new JavaTimeModule()).addModule(new Jdk8Module())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS).build();
        List<ReportedRecipient> all = List.of(Reports.delayed(BOB, "4.4.1", Diagnostic.remote("451 \0 later")), Reports.delivered(BOB));
        String json = mapper.writeValueAsString(all);
        assertEquals(all, mapper.readValue(json, new TypeReference<List<ReportedRecipient>>() { }));
        ReportedRecipient bare = mapper.readValue("{\"originalRecipient\":\"a@b.test\",\"finalRecipient\":\"a@b.test\","
                + "\"action\":\"RELAYED\",\"status\":\"2.0.0\"}", ReportedRecipient.class);
        assertEquals(new ReportedRecipient("a@b.test", "a@b.test", Action.RELAYED, "2.0.0", Optional.empty()), bare);
    }

    @Test
    void wordsOfOthersAreHarmlessBeforeAnybodyKeepsThem() {
        assertEquals("550 a??b ?", Diagnostic.remote("550 a\0\nb \ud83d\udce7").text());
        assertEquals(Diagnostic.MAX_TEXT, Diagnostic.remote("x".repeat(100_000)).text().length());
        assertEquals("mx?.test [192.0.2.1?]", new RemoteMta("mx\n.test", "192.0.2.1\r").toString());
        assertThrows(IllegalArgumentException.class, () -> Reports.failed(BOB, "5.1.1\r\nX: y", "no"));
    }

    @Test
    void aServerIsNamedOnce() {
        assertEquals("[192.0.2.1]", new RemoteMta("[192.0.2.1]", "192.0.2.1").toString());
        assertEquals("mx.test", new RemoteMta("mx.test", "").toString());
    }

    private static Envelope asking(Notify... when) {
        return Reports.envelope("ann@one.test", Optional.empty(), asked(BOB, when));
    }

    private static List<Action> heard(Envelope envelope) {
        Report all = Reports.of(envelope, Reports.refused(BOB, "5.1.1", "550 no"), Reports.delayed(BOB, "4.4.1", Diagnostic.own("x")),
                Reports.delivered(BOB), Reports.relayed(BOB));
        return all.wanted().recipients().stream().map(ReportedRecipient::action).toList();
    }

    private static Optional<byte[]> returned(Optional<Return> asked, ReportedRecipient... recipients) {
        Envelope envelope = Reports.envelope("ann@one.test", asked, asked(BOB, Notify.values()));
        return new Report(Reports.NOTIFICATION_ID, envelope, Reports.AT, List.of(recipients), octets("h"), Optional.of(octets("mail")))
                .returnedMail();
    }
}
