package org.postbus.delivery.dsn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.postbus.delivery.dsn.Reports.HEADERS;
import static org.postbus.delivery.dsn.Reports.asked;
import static org.postbus.delivery.dsn.Reports.octets;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.postbus.delivery.Fixtures;
import org.postbus.events.DeliveredRecipient;
import org.postbus.events.Envelope;
import org.postbus.events.FailedRecipient;
import org.postbus.events.MailFailed;
import org.postbus.events.MailRecord;
import org.postbus.events.NotificationRequest;
import org.postbus.events.Topics;
import org.postbus.protocol.address.Mailbox;
import org.postbus.protocol.smtp.Notify;
import org.postbus.protocol.smtp.Return;

/** Notifications against {@link Golden} files and a reader of their own. */
class StatusNotificationTest {

    private static final String BOUNDARY = "--=_" + Reports.NOTIFICATION_ID;

    @Test
    void unknownRecipient() throws Exception {
        golden("unknown", event(HEADERS, failure("gone@one.test", "gone@one.test", "5.1.1", "There is no such address")));
    }

    @Test
    void severalRecipientsSomeThroughAliases() throws Exception {
        golden("several", event(HEADERS,
                failure("half@one.test", "gone@one.test", "5.1.1", "There is no such address"),
                failure("\"odd one\"@one.test", "\"odd one\"@one.test", "5.2.2", "The maildrop is full"),
                failure("CUT@one.test", "cut@one.test", "5.2.1", "The account is disabled")));
    }

    @Test
    void aHeaderSectionOfAnyOctets() throws Exception {
        String hostile = "Subject: caf\u00c3\u00a9 \0 end \r\nX-Lone: a\rb\nc\r\n" + "X-Long: " + "x".repeat(1200) + "\r\nunfinished";
        MimeEntity mime = golden("hostile", event(hostile, failure("gone@one.test", "gone@one.test", "5.1.1",
                "\u00fcber\r\nSubject: injected " + "y".repeat(2000))));
        assertEquals(hostile, mime.parts().get(2).body());
    }

    @Test
    void noHeaderSectionAtAll() throws Exception {
        golden("bare", event("", failure("gone@one.test", "gone@one.test", "5.1.1", "There is no such address")));
    }

    @Test
    void aDeliveryThatTheClientAskedToHearOf() throws Exception {
        Envelope envelope = Reports.envelope("ann@one.test", Optional.empty(), new NotificationRequest.Recipient("half@one.test",
                Optional.of(Set.of(Notify.SUCCESS)), Optional.of("rfc822;Half@one.test")));
        golden("success", Report.from(new MailFailed(envelope, List.of(), List.of(new DeliveredRecipient("half@one.test", "bob@one.test")),
                octets(HEADERS), Optional.empty(), Reports.AT)));
    }

    @Test
    void bothInOneWithTheWholeMail() throws Exception {
        Envelope envelope = Reports.envelope("ann@one.test", Optional.of(Return.FULL), asked("bob@one.test", Notify.SUCCESS));
        Report report = Report.from(new MailFailed(envelope,
                List.of(failure("gone@one.test", "gone@one.test", "5.1.1", "There is no such address")),
                List.of(new DeliveredRecipient("bob@one.test", "bob@one.test")), octets(HEADERS),
                Optional.of(octets(HEADERS + "gr\u00fc\u00dfe\r\n")), Reports.AT));
        assertEquals(HEADERS + "gr\u00fc\u00dfe\r\n", golden("mixed", report).parts().get(2).body());
        assertEquals("8BITMIME", notification(report).body());
    }

    @Test
    void aRemoteServerRefused() throws Exception {
        MimeEntity mime = golden("refused", Reports.of(Reports.refused("bob@remote.test", "5.1.1", "550 5.1.1 <bob@remote.test>: no such user"),
                Reports.refused("eve@remote.test", "5.7.1", "554 go away")));
        Map<String, String> fields = mime.parts().get(1).fieldGroups().get(1);
        assertEquals("dns; mx.remote.test", fields.get("remote-mta"));
        assertEquals("smtp; 550 5.1.1 <bob@remote.test>: no such user", fields.get("diagnostic-code"));
        assertEquals("Mon, 23 Nov 2026 18:04:00 +0000", fields.get("last-attempt-date"));
        assertFalse(fields.containsKey("will-retry-until"), "of what has failed");
    }

    @Test
    void theTimeOfAMailIsUp() throws Exception {
        golden("expired", Reports.of(new ReportedRecipient("bob@remote.test", "bob@remote.test", Action.FAILED, "5.4.7", Reports.MX,
                Optional.of(Diagnostic.own("no answer within 5 minutes")), Optional.of(Reports.AT), Optional.empty())));
    }

    @Test
    void aDelay() throws Exception {
        MimeEntity mime = golden("delayed", Reports.of(
                Reports.delayed("bob@remote.test", "4.2.2", Diagnostic.remote("452 4.2.2 mailbox full")),
                Reports.delayed("eve@remote.test", "4.4.1", Diagnostic.own("no answer within 5 minutes"))));
        assertEquals("Sat, 28 Nov 2026 12:00:00 +0000", mime.parts().get(1).fieldGroups().get(1).get("will-retry-until"));
    }

    @Test
    void whoWantsToHearOfDelaysAloneIsPromisedNothingElse() {
        Envelope envelope = Reports.envelope("ann@one.test", Optional.empty(), asked("bob@remote.test", Notify.DELAY));
        String text = text(Reports.of(envelope, Reports.delayed("bob@remote.test", "4.4.1", Diagnostic.own("x"))));
        assertTrue(text.contains("it will be tried again.\r\n"), text);
    }

    @Test
    void aRelayToASystemThatDoesNotTell() throws Exception {
        golden("relayed", Reports.of(Reports.envelope("ann@one.test", Optional.empty(), asked("bob@remote.test", Notify.SUCCESS)),
                Reports.relayed("bob@remote.test")));
    }

    @Test
    void everythingAtOnce() throws Exception {
        MimeEntity mime = golden("every-action", Reports.of(Reports.failed("gone@one.test", "5.1.1", "There is no such address"),
                Reports.delayed("slow@remote.test", "4.4.1", Diagnostic.own("no answer within 5 minutes")),
                Reports.delivered("cat@one.test"), Reports.relayed("bob@remote.test")));
        assertEquals(List.of("failed", "delayed", "delivered", "relayed"),
                mime.parts().get(1).fieldGroups().stream().skip(1).map(fields -> fields.get("action")).toList());
    }

    @Test
    void theWorstNewsIsTheSubject() {
        assertEquals("Undelivered mail: your message did not reach everyone", subject(Reports.delayed("b@one.test", "4.4.1",
                Diagnostic.own("x")), Reports.failed("a@one.test", "5.1.1", "x")));
        assertEquals("Delayed mail: your message has not reached everyone yet", subject(Reports.relayed("a@one.test"),
                Reports.delayed("b@one.test", "4.4.1", Diagnostic.own("x"))));
        assertEquals("Relayed: your message was handed on", subject(Reports.relayed("a@one.test")));
        assertEquals("Delivered: your message has arrived or was handed on", subject(Reports.relayed("a@one.test"),
                Reports.delivered("b@one.test")));
    }

    @Test
    void aHostileReply() throws Exception {
        String reply = "550 5.7.1 \u001b[31mred\0\r\n" + BOUNDARY + "--\r\n\r\nSubject: injected\r\n \u00e4\ud83d\udce7 "
                + ("word " + BOUNDARY + " ").repeat(90) + "z".repeat(2000);
        Report report = Reports.of(new ReportedRecipient("bob@remote.test", "bob@remote.test", Action.FAILED, "5.7.1",
                Optional.of(new RemoteMta("mx\r\n.evil\u00fc.test" + "q".repeat(500), "192.0.2.66\u001b")),
                Optional.of(Diagnostic.remote(reply)), Optional.empty(), Optional.empty()));
        MimeEntity mime = golden("hostile-reply", report);
        assertEquals("7BIT", notification(report).body());
        assertEquals(500, mime.parts().get(1).fieldGroups().get(1).get("diagnostic-code").length() - "smtp; ".length());
    }

    @Test
    void everyLineIsShortAndPlain() {
        String hostile = "X: \u0080\0\r\n\r\r\n".repeat(500);
        String text = text(event(hostile, failure("a@one.test", "b@one.test", "5.1.1", "\0".repeat(9000))));
        assertTrue(text.endsWith("--\r\n"));
        for (String line : text.split("\r\n")) {
            assertTrue(line.length() <= 998, "a line of " + line.length());
            assertTrue(line.chars().allMatch(c -> c == '\t' || c >= ' ' && c <= '~'), "not plain: " + line);
        }
    }

    @Test
    void internationalisedAddressesAsRfc6533WritesThem() throws Exception {
        Report report = international(Return.HDRS);
        MimeEntity mime = golden("international", report);
        assertEquals("7BIT", notification(report).body());
        Map<String, String> fields = mime.parts().get(1).fieldGroups().get(1);
        assertEquals("utf-8; j\\x{F6}rg@b\\x{FC}cher.test", fields.get("original-recipient"));
        assertEquals("utf-8; a\\x{2B}b\\x{1F4E7}@one.test", fields.get("final-recipient"));
        assertTrue(utf8(mime.parts().get(0).body()).contains("  <j\u00f6rg@b\u00fccher.test>\r\n"), "not legible");
        assertEquals("message/global-headers", mime.parts().get(2).type());
    }

    @Test
    void anInternationalisedMailComesBackWhole() throws Exception {
        MimeEntity mime = MimeEntity.parse(notification(international(Return.FULL)).octets());
        assertEquals("message/global", mime.parts().get(2).type());
        assertEquals("Subject: \u00fc\r\n\r\nhi\r\n", utf8(mime.parts().get(2).body()));
    }

    /** The To field of the notification is in UTF-8 then. */
    @Test
    void anInternationalisedReversePathIsEightBit() {
        Report report = Reports.of(Reports.failed("gone@one.test", "5.1.1", "x"));
        assertEquals("8BITMIME", new StatusNotification(report, Mailbox.parse("j\u00f6rg@one.test"), "mx.example.org").body());
    }

    @Test
    void aLargeNotificationTravelsInChunks() {
        FailedRecipient[] many = Collections.nCopies(2000, failure("a@one.test", "b@one.test", "5.1.1", "z".repeat(200)))
                .toArray(FailedRecipient[]::new);
        byte[] data = notification(event(HEADERS, many)).octets();
        List<MailRecord<Envelope>> parts = MailParts.of(Fixtures.envelope(Reports.MAIL_ID, "", "ann@one.test"), data);
        assertTrue(parts.getFirst() instanceof MailRecord.FirstChunk<Envelope> first && first.data().length == Topics.CHUNK_OCTETS);
        assertTrue(parts.getLast() instanceof MailRecord.Closing<Envelope> closing && closing.octets() == data.length
                && closing.chunks() == parts.size() - 1);
        assertTrue(parts.get(1) instanceof MailRecord.Chunk<Envelope> second && second.n() == 1
                && Arrays.equals(second.data(), Arrays.copyOfRange(data, Topics.CHUNK_OCTETS, Topics.CHUNK_OCTETS + second.data().length)));
    }

    private static Report international(Return returned) {
        Envelope ascii = Reports.envelope("ann@one.test", Optional.of(returned), new NotificationRequest.Recipient(
                "j\u00f6rg@b\u00fccher.test", Optional.empty(), Optional.of("utf-8;j\u00f6rg@b\u00fccher.test")));
        Envelope envelope = new Envelope(ascii.mailId(), ascii.reversePath(), ascii.forwardPaths(), "8BITMIME", ascii.client(), "UTF8SMTP",
                ascii.hostname(), ascii.acceptedAt(), 0, "", ascii.notifications(), List.of());
        ReportedRecipient recipient = new ReportedRecipient("j\u00f6rg@b\u00fccher.test", "a+b\ud83d\udce7@one.test", Action.FAILED, "5.6.7",
                Optional.of(Diagnostic.own("mx.remote.test does not announce SMTPUTF8")));
        byte[] headers = "Subject: \u00fc\r\n\r\n".getBytes(StandardCharsets.UTF_8);
        return new Report(Reports.NOTIFICATION_ID, envelope, Reports.AT, List.of(recipient), headers,
                Optional.of("Subject: \u00fc\r\n\r\nhi\r\n".getBytes(StandardCharsets.UTF_8)));
    }

    private static Report event(String headers, FailedRecipient... failures) {
        return Report.from(new MailFailed(Fixtures.envelope(Reports.MAIL_ID, "ann@one.test", "gone@one.test"), List.of(failures),
                octets(headers), Reports.AT));
    }

    private static FailedRecipient failure(String original, String last, String status, String why) {
        return new FailedRecipient(original, last, status, why);
    }

    private static StatusNotification notification(Report report) {
        return new StatusNotification(report, Mailbox.parse("ann@one.test"), "mx.example.org");
    }

    private static String text(Report report) {
        return new String(notification(report).octets(), StandardCharsets.ISO_8859_1);
    }

    private static String subject(ReportedRecipient... recipients) {
        return MimeEntity.parse(notification(Reports.of(recipients)).octets()).fields().get("subject");
    }

    private static String utf8(String octets) {
        return new String(octets(octets), StandardCharsets.UTF_8);
    }

    /** Compared octet by octet, and read as RFC 6522 and RFC 3464 have it. */
    private static MimeEntity golden(String name, Report report) throws Exception {
        byte[] octets = notification(report).octets();
        Golden.check(name, octets);
        MimeEntity mime = MimeEntity.parse(octets);
        assertTrue(mime.fields().get("content-type").startsWith("multipart/report; report-type=delivery-status;"));
        assertEquals(3, mime.parts().size());
        assertEquals("text/plain", mime.parts().get(0).type());
        assertEquals("message/delivery-status", mime.parts().get(1).type());
        List<Map<String, String>> groups = mime.parts().get(1).fieldGroups();
        assertEquals("dns; mx.example.org", groups.getFirst().get("reporting-mta"));
        assertEquals(report.recipients().size(), groups.size() - 1);
        groups.stream().skip(1).forEach(fields -> assertTrue(
                fields.keySet().containsAll(Set.of("final-recipient", "action", "status")), fields.toString()));
        return mime;
    }
}
