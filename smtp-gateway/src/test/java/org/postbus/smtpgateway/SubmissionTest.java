package org.postbus.smtpgateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.events.Envelope;
import org.postbus.events.MailRecord;
import org.postbus.events.NotificationRequest;
import org.postbus.events.Topics;
import org.postbus.protocol.smtp.Notify;
import org.postbus.protocol.smtp.Return;

/** What the gateway makes of a mail that an account submits (RFC 6409). */
class SubmissionTest {

    private static final String JONES = "jones@example.org";

    @TempDir
    private static Path folder;
    private static TestKafka kafka;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        kafka = new TestKafka(folder.resolve("kafka"), 0);
        kafka.domain("example.org", Optional.of(JONES));
        kafka.domain("intranet", Optional.empty());
        UUID jones = kafka.account(JONES, true);
        kafka.account("brown@intranet", true);
        kafka.alias("sales@example.org", List.of(JONES));
        gateway = new TestGateway(kafka);
        gateway.mailbox.account(JONES, jones, "secret");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        kafka.close();
    }

    @Test
    void missingFieldsAreAddedAndBccIsRemoved() throws Exception {
        UUID id = submit("Subject: x\r\nBcc: brown@intranet\r\n\r\nhi\r\n");
        String mail = text(id);
        assertTrue(mail.startsWith("Subject: x\r\nDate: "), mail);
        assertTrue(mail.endsWith("\r\nFrom: jones@example.org\r\nMessage-ID: <" + id + "@mx.example.org>\r\n\r\nhi\r\n"), mail);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\0', delimiter = '|', value = {
        "From: Jones <jones@example.org>|",
        "From: \"Sales, all\" <SALES+x@example.org> (we)|",
        "From: someone@else.test|Sender: jones@example.org",
        "From: jones@example.org, brown@intranet|Sender: jones@example.org",
        "From: nobody at all|Sender: jones@example.org",
    })
    void aSenderTellsTheAccountWhereFromDoesNot(String from, String sender) throws Exception {
        String mail = text(submit("Date: now\r\nMessage-ID: <1@a>\r\n" + from + "\r\n\r\nhi\r\n"));
        assertEquals("Date: now\r\nMessage-ID: <1@a>\r\n" + from + "\r\n" + (sender == null ? "" : sender + "\r\n")
                + "\r\nhi\r\n", mail);
    }

    @Test
    void aSenderThatIsNotTheAccountsIsReplaced() throws Exception {
        String fields = "Date: now\r\nMessage-ID: <1@a>\r\nFrom: a@else.test\r\n";
        assertEquals(fields + "Sender: jones@example.org\r\n\r\nx\r\n", text(submit(fields + "Sender: b@else.test\r\n\r\nx\r\n")));
        assertEquals(fields + "Sender: Sales <sales@example.org>\r\n\r\nx\r\n",
                text(submit(fields + "Sender: Sales <sales@example.org>\r\n\r\nx\r\n")));
    }

    @Test
    void aSignedMailIsLeftAsItIs() throws Exception {
        String mail = "DKIM-Signature: v=1\r\nFrom: a@else\r\nSender: b@else.test\r\nBcc: c@d.test\r\n\r\nx\r\n";
        assertEquals(mail, text(submit(mail)));
    }

    @Test
    void domainsHaveToBeFullyQualified() throws Exception {
        try (Client client = loggedIn()) {
            Client.expect("250", client.ask("MAIL FROM:<jones@example.org>"));
            Client.expect("554 5.1.2", client.ask("RCPT TO:<brown@elsewhere>"));
            Client.expect("250", client.ask("RCPT TO:<brown@intranet>"));
            Client.expect("354", client.ask("DATA"));
            Client.expect("554 5.6.0", client.ask("Subject: x\r\nTo: (a) \"b@c\" <brown@elsewhere>\r\n\r\nhi\r\n."));
            client.nextMail(JONES, JONES).send("To: undisclosed: ;\r\nCc: brown@intranet, x@[192.0.2.1], \"a@b\"\r\n\r\nhi\r\n").endMail();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Topics.CHUNK_OCTETS - SubmittedHead.MAX_ADDED, Topics.CHUNK_OCTETS, 700_000})
    void largeMailIsCompletedInItsFirstRecord(int size) throws Exception {
        byte[] body = new byte[size];
        Arrays.fill(body, (byte) 'x');
        for (int i = 70; i < size - 72; i += 72) {
            body[i - 1] = '\r';
            body[i] = '\n';
        }
        body[size - 2] = '\r';
        body[size - 1] = '\n';
        String mail = text(submit("Subject: x\r\n\r\n" + new String(body, StandardCharsets.ISO_8859_1)));
        int end = mail.indexOf("\r\n\r\n") + 4;
        assertTrue(mail.substring(0, end).contains("\r\nMessage-ID: <"), mail.substring(0, end));
        assertArrayEquals(body, mail.substring(end).getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aHeaderSectionThatLeavesNoRoomForMoreIsTooLarge() throws Exception {
        try (Client client = loggedIn()) {
            client.nextMail(JONES, JONES);
            int lines = (Topics.CHUNK_OCTETS - SubmittedHead.MAX_ADDED) / 1000 + 1;
            String reply = client.ask(("X: " + "y".repeat(995) + "\r\n").repeat(lines) + "\r\nhi\r\n.");
            Client.expect("552 5.3.4", reply);
            client.nextMail(JONES, JONES).send("x\r\n").endMail();
        }
    }

    @Test
    void aHeaderSectionIsNeverCutInAFieldsName() throws Exception {
        int room = Topics.CHUNK_OCTETS - SubmittedHead.MAX_ADDED;
        String fields = ("X: " + "y".repeat(995) + "\r\n").repeat(room / 1000);
        try (Client client = loggedIn()) {
            client.nextMail(JONES, JONES);
            Client.expect("552 5.3.4", client.ask(fields + "N".repeat(room - fields.length() + 20) + ": z\r\n\r\nhi\r\n."));
        }
    }

    @Test
    void whatIsAskedOfNotificationsTravelsInTheEnvelope() throws Exception {
        UUID id;
        try (Client client = loggedIn()) {
            Client.expect("250", client.ask("MAIL FROM:<jones@example.org> RET=FULL ENVID=a+2Bb"));
            Client.expect("250", client.ask("RCPT TO:<jones@example.org> NOTIFY=success ORCPT=rfc822;J@x.test"));
            Client.expect("250", client.ask("RCPT TO:<brown@intranet>"));
            Client.expect("354", client.ask("DATA"));
            id = client.endMail();
        }
        var whole = assertInstanceOf(MailRecord.Whole.class, kafka.mail(id).getFirst());
        assertEquals(Optional.of(new NotificationRequest(Optional.of("a+b"), Optional.of(Return.FULL), List.of(
                new NotificationRequest.Recipient(JONES, Optional.of(Set.of(Notify.SUCCESS)), Optional.of("rfc822;J@x.test"))))),
                ((Envelope) whole.envelope()).notifications());
    }

    private static UUID submit(String mail) throws IOException {
        try (Client client = loggedIn()) {
            return client.nextMail(JONES, JONES).send(mail).endMail();
        }
    }

    private static Client loggedIn() throws IOException {
        Client client = new Client(gateway.submission());
        Client.expect("220", client.reply());
        Client.expect("250", client.ask("EHLO client.test"));
        Client.expect("235", client.logIn(JONES, "secret"));
        return client;
    }

    private static String text(UUID id) throws Exception {
        StringBuilder text = new StringBuilder();
        for (MailRecord<Envelope> record : kafka.mail(id)) {
            byte[] data = switch (record) {
                case MailRecord.Whole<Envelope> whole -> whole.data();
                case MailRecord.FirstChunk<Envelope> first -> first.data();
                case MailRecord.Chunk<Envelope> chunk -> chunk.data();
                case MailRecord.Closing<Envelope> _ -> new byte[0];
            };
            assertTrue(data.length <= Topics.CHUNK_OCTETS);
            text.append(new String(data, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }
}
