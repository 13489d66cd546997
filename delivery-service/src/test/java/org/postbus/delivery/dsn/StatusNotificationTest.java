package org.postbus.delivery.dsn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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

/** Notifications against the golden files {@code delivery/dsn/*.eml}. */
class StatusNotificationTest {

    private static final UUID MAIL_ID = UUID.fromString("019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071");
    private static final Instant FAILED_AT = Instant.parse("2026-11-23T18:05:09Z");
    private static final String HEADERS = "Subject: lunch\r\nFrom: Ann <ann@one.test>\r\n\r\n";

    @Test
    void unknownRecipient() throws Exception {
        golden("unknown", notification(HEADERS, failure("gone@one.test", "gone@one.test", "5.1.1", "There is no such address")));
    }

    @Test
    void severalRecipientsSomeThroughAliases() throws Exception {
        golden("several", notification(HEADERS,
                failure("half@one.test", "gone@one.test", "5.1.1", "There is no such address"),
                failure("\"odd one\"@one.test", "\"odd one\"@one.test", "5.2.2", "The maildrop is full"),
                failure("CUT@one.test", "cut@one.test", "5.2.1", "The account is disabled")));
    }

    @Test
    void aHeaderSectionOfAnyOctets() throws Exception {
        String hostile = "Subject: caf\u00c3\u00a9 \0 end \r\nX-Lone: a\rb\nc\r\n" + "X-Long: " + "x".repeat(1200) + "\r\nunfinished";
        golden("hostile", notification(hostile, failure("gone@one.test", "gone@one.test", "5.1.1",
                "\u00fcber\r\nSubject: injected " + "y".repeat(2000))));
    }

    @Test
    void noHeaderSectionAtAll() throws Exception {
        golden("bare", notification("", failure("gone@one.test", "gone@one.test", "5.1.1", "There is no such address")));
    }

    @Test
    void everyLineIsShortAndPlain() {
        String hostile = "X: \u0080\0\r\n\r\r\n".repeat(500);
        String text = new String(notification(hostile, failure("a@one.test", "b@one.test", "5.1.1", "\0".repeat(9000))),
                StandardCharsets.ISO_8859_1);
        assertTrue(text.endsWith("--\r\n"));
        for (String line : text.split("\r\n")) {
            assertTrue(line.length() <= 998, "a line of " + line.length());
            assertTrue(line.chars().allMatch(c -> c == '\t' || c >= ' ' && c <= '~'), "not plain: " + line);
        }
    }

    @Test
    void internationalisedAddressesAsRfc6533WritesThem() {
        MailFailed failed = report(List.of(failure("j\u00f6rg@b\u00fccher.test", "a+b\ud83d\udce7@one.test", "5.1.1", "x")), List.of(),
                Optional.empty(), new NotificationRequest.Recipient("j\u00f6rg@b\u00fccher.test", Optional.empty(),
                        Optional.of("utf-8;j\u00f6rg@b\u00fccher.test")));
        String text = new String(new StatusNotification(failed, Mailbox.parse("ann@one.test"), "mx.example.org").octets(),
                StandardCharsets.UTF_8);
        assertTrue(text.contains("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"), text);
        assertTrue(text.contains("  <j\u00f6rg@b\u00fccher.test>\r\n"), text);
        assertTrue(text.contains("Original-Recipient: utf-8; j\\x{F6}rg@b\\x{FC}cher.test\r\n"), text);
        assertTrue(text.contains("Final-Recipient: utf-8; a\\x{2B}b\\x{1F4E7}@one.test\r\n"), text);
    }

    @Test
    void aDeliveryThatTheClientAskedToHearOf() throws Exception {
        golden("success", octets(report(List.of(), List.of(new DeliveredRecipient("half@one.test", "bob@one.test")), Optional.empty(),
                new NotificationRequest.Recipient("half@one.test", Optional.of(Set.of(Notify.SUCCESS)), Optional.of("rfc822;Half@one.test")))));
    }

    @Test
    void bothInOneWithTheWholeMail() throws Exception {
        byte[] mail = (HEADERS + "gr\u00fc\u00dfe\r\n").getBytes(StandardCharsets.ISO_8859_1);
        MailFailed report = report(List.of(failure("gone@one.test", "gone@one.test", "5.1.1", "There is no such address")),
                List.of(new DeliveredRecipient("bob@one.test", "bob@one.test")), Optional.of(mail),
                new NotificationRequest.Recipient("bob@one.test", Optional.of(Set.of(Notify.SUCCESS)), Optional.empty()));
        golden("mixed", octets(report));
        assertEquals("8BITMIME", new StatusNotification(report, Mailbox.parse("ann@one.test"), "mx.example.org").body());
    }

    private static byte[] octets(MailFailed report) {
        return new StatusNotification(report, Mailbox.parse("ann@one.test"), "mx.example.org").octets();
    }

    private static MailFailed report(List<FailedRecipient> failures, List<DeliveredRecipient> delivered, Optional<byte[]> mail,
            NotificationRequest.Recipient asked) {
        Envelope plain = Fixtures.envelope(MAIL_ID, "ann@one.test", asked.forwardPath());
        Envelope envelope = new Envelope(MAIL_ID, plain.reversePath(), plain.forwardPaths(), plain.body(), plain.client(), plain.protocol(),
                plain.hostname(), plain.acceptedAt(), 0, "", Optional.of(new NotificationRequest(Optional.of("QQ314159"),
                        mail.map(all -> Return.FULL), List.of(asked))), List.of());
        return new MailFailed(envelope, failures, delivered, HEADERS.getBytes(StandardCharsets.ISO_8859_1), mail, FAILED_AT);
    }

    @Test
    void aLargeNotificationTravelsInChunks() {
        FailedRecipient[] many = Collections.nCopies(2000, failure("a@one.test", "b@one.test", "5.1.1", "z".repeat(200)))
                .toArray(FailedRecipient[]::new);
        byte[] data = notification(HEADERS, many);
        List<MailRecord<Envelope>> parts = MailParts.of(Fixtures.envelope(MAIL_ID, "", "ann@one.test"), data);
        assertTrue(parts.getFirst() instanceof MailRecord.FirstChunk<Envelope> first && first.data().length == Topics.CHUNK_OCTETS);
        assertTrue(parts.getLast() instanceof MailRecord.Closing<Envelope> closing && closing.octets() == data.length
                && closing.chunks() == parts.size() - 1);
        assertTrue(parts.get(1) instanceof MailRecord.Chunk<Envelope> second && second.n() == 1
                && Arrays.equals(second.data(), Arrays.copyOfRange(data, Topics.CHUNK_OCTETS, Topics.CHUNK_OCTETS + second.data().length)));
    }

    private static byte[] notification(String headers, FailedRecipient... failures) {
        MailFailed failed = new MailFailed(Fixtures.envelope(MAIL_ID, "ann@one.test", "gone@one.test"), List.of(failures),
                headers.getBytes(StandardCharsets.ISO_8859_1), FAILED_AT);
        return new StatusNotification(failed, Mailbox.parse("ann@one.test"), "mx.example.org").octets();
    }

    private static FailedRecipient failure(String original, String last, String status, String why) {
        return new FailedRecipient(original, last, status, why);
    }

    /** The files have LF line ends so that people and version control can read them; the octets have CRLF. */
    private static void golden(String name, byte[] actual) throws IOException {
        try (var file = StatusNotificationTest.class.getResourceAsStream("/delivery/dsn/" + name + ".eml")) {
            String text = new String(actual, StandardCharsets.ISO_8859_1);
            assertNotNull(file, "no golden file; it would be:\n" + text);
            String expected = new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertEquals(expected.replace("\n", "\r\n"), text);
        }
    }
}
