package org.postbus.delivery.dsn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.postbus.delivery.dsn.Reports.asked;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.postbus.events.ContractViolation;
import org.postbus.events.Envelope;
import org.postbus.events.MailRecord;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailStep;
import org.postbus.protocol.smtp.Notify;

class NotificationsTest {

    private static final String BOB = "bob@remote.test";

    private final Notifications notifications = new Notifications("mx.example.org");

    @Test
    void aReportBecomesAMailThatNothingAnswers() throws Exception {
        Notification.Sent sent = assertInstanceOf(Notification.Sent.class, notifications.of(failure("Ann@elsewhere.test", Notify.FAILURE)));
        assertEquals(new Envelope(Reports.NOTIFICATION_ID, "", List.of("Ann@elsewhere.test"), "7BIT", new Envelope.Client("127.0.0.1", ""),
                "internal", "mx.example.org", Reports.AT, 7, "").relaying(true),
                assertInstanceOf(MailRecord.Whole.class, sent.records().getFirst()).envelope());
        assertEquals(TrailStep.ACCEPTED, sent.accepted().step());
        assertEquals(Optional.of(Reports.NOTIFICATION_ID), sent.accepted().mailId());
        assertEquals("delivery status notification about mail " + Reports.MAIL_ID, sent.accepted().detail());
    }

    @Test
    void theNullReversePathIsToldNothing() throws Exception {
        Notification.None none = assertInstanceOf(Notification.None.class, notifications.of(failure("", Notify.FAILURE)));
        assertEquals("null-reverse-path", none.outcome());
        assertEquals("no notification: the reverse-path is null", none.untold().map(TrailEvent::detail).orElseThrow());
        assertEquals(Optional.of(Reports.MAIL_ID), none.untold().orElseThrow().mailId());
    }

    @Test
    void whoWantsNoneIsToldNothing() throws Exception {
        Notification.None none = assertInstanceOf(Notification.None.class, notifications.of(failure("ann@one.test")));
        assertEquals("not-wanted", none.outcome());
        assertEquals(TrailStep.FAILED, none.untold().orElseThrow().step());
    }

    @Test
    void aDelayOrASuccessThatStaysUntoldIsNoStep() throws Exception {
        ReportedRecipient delayed = Reports.delayed(BOB, "4.4.1", Diagnostic.own("x"));
        assertEquals(new Notification.None("not-wanted", Optional.empty()),
                notifications.of(Reports.of(Reports.envelope("ann@one.test", Optional.empty(), asked(BOB)), delayed)));
        assertEquals(new Notification.None("null-reverse-path", Optional.empty()),
                notifications.of(Reports.of(Reports.envelope("", Optional.empty(), asked(BOB, Notify.DELAY)), delayed)));
    }

    @Test
    void theSameReportIsTheSameMailAndAnotherIsAnother() throws Exception {
        TrailEvent first = assertInstanceOf(Notification.Sent.class, notifications.of(failure("ann@one.test", Notify.FAILURE))).accepted();
        assertEquals(first, assertInstanceOf(Notification.Sent.class,
                notifications.of(failure("ann@one.test", Notify.FAILURE))).accepted());
        Report report = failure("ann@one.test");
        Report later = new Report(UUID.randomUUID(), report.envelope(), report.at(), report.recipients(), report.headerSection(), report.mail());
        assertNotEquals(id(report), id(later));
    }

    @Test
    void aReversePathThatIsNoAddressBreaksTheContract() {
        assertThrows(ContractViolation.class, () -> notifications.of(failure("no address", Notify.FAILURE)));
    }

    private UUID id(Report report) throws ContractViolation {
        return assertInstanceOf(Notification.None.class, notifications.of(report)).untold().orElseThrow().id();
    }

    private static Report failure(String reversePath, Notify... when) {
        return Reports.of(Reports.envelope(reversePath, Optional.empty(), asked(BOB, when)), Reports.refused(BOB, "5.1.1", "550 5.1.1 no"));
    }
}
