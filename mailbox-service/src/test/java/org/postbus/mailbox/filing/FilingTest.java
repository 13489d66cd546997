package org.postbus.mailbox.filing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.postbus.mailbox.TestMails.consumed;
import static org.postbus.mailbox.TestMails.routed;
import static org.postbus.mailbox.TestMails.routedTo;
import static org.postbus.mailbox.TestMails.whole;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.events.ContractViolation;
import org.postbus.events.DeliveredRecipient;
import org.postbus.events.Envelope;
import org.postbus.events.FactCodec;
import org.postbus.events.FailedRecipient;
import org.postbus.events.MailFailed;
import org.postbus.events.MailIds;
import org.postbus.events.NotificationRequest;
import org.postbus.events.RoutedEnvelope;
import org.postbus.events.RoutedEnvelope.LocalDelivery;
import org.postbus.mailbox.Maildrops;
import org.postbus.mailbox.Servers;
import org.postbus.protocol.smtp.Notify;
import org.postbus.protocol.smtp.Return;
import org.postbus.mailbox.TestMails;
import org.postbus.mailbox.eventlog.EventLog;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class FilingTest {

    private static final FailedRecipient UNKNOWN =
            new FailedRecipient("nobody@demo.test", "nobody@demo.test", "5.1.1", "550 5.1.1 no such account");

    @Inject
    Maildrops maildrops;

    @Inject
    EventLog log;

    private final Maildrops.CapturedOutbox outbox = new Maildrops.CapturedOutbox();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private MailFiler filer;

    @BeforeEach
    void makeFiler() {
        filer = new MailFiler(log.producer(), outbox::add, () -> { }, new FilingMetrics(meters));
    }

    /** Plenty of mail has such fields without having been allowed them; every client takes that. */
    @Test
    void headerFieldsInUtf8AreMarkedWhereTheTransportAllowedThem() {
        for (String protocol : List.of("UTF8SMTPS", "ESMTP")) {
            for (String subject : List.of("gr\u00c3\u00bc\u00c3\u009fe", "greetings")) {
                RoutedEnvelope routed = routedTo(maildrops.account());
                Envelope accepted = TestMails.accepted(routed.accepted().mailId(), routed.accepted().forwardPaths(), protocol);
                file(whole(new RoutedEnvelope(accepted, routed.deliveries(), routed.failures()), "Subject: " + subject + "\r\n\r\nhi\r\n"));
                assertEquals(protocol.startsWith("UTF8") && !subject.equals("greetings") ? 1 : 0,
                        maildrops.number("select count(*) from content where mail_id = ? and international", accepted.mailId()));
            }
        }
    }

    @Test
    void theClassroomsMailWithoutAHeaderGetsOne() {
        RoutedEnvelope envelope = routedTo(maildrops.account());
        file(whole(envelope, "hi\r\n"));
        UUID mailId = envelope.accepted().mailId();
        assertEquals("Return-Path: <parrt@jguru.com>\r\n" + TestMails.TRACE_FIELDS
                + "Date: Mon, 23 Nov 2026 12:00:00 +0000\r\n"
                + "From: parrt@jguru.com\r\n"
                + "Message-ID: <" + mailId + "@mail.demo.test>\r\n"
                + "\r\nhi\r\n", maildrops.mail(mailId));
    }

    @Test
    void oneContentServesAllMaildrops() {
        UUID alice = maildrops.account();
        UUID bob = maildrops.account();
        RoutedEnvelope envelope = routedTo(alice, bob);
        file(whole(envelope, "Subject: foo\r\nhi again\r\n"));
        UUID mailId = envelope.accepted().mailId();
        assertEquals(List.of(mailId), maildrops.listing(alice));
        assertEquals(List.of(mailId), maildrops.listing(bob));
        assertEquals(1, maildrops.number("select count(*) from content_chunk where mail_id = ?", mailId));
        assertTrue(maildrops.sumsAreRight(alice) && maildrops.sumsAreRight(bob));
    }

    @Test
    void repetitionsFileNothingMore() {
        UUID alice = maildrops.account();
        RoutedEnvelope envelope = routedTo(alice);
        ConsumerRecord<byte[], byte[]> record = consumed(whole(envelope, "hi\r\n"));
        maildrops.apply(filer, List.of(record, record));
        maildrops.apply(filer, List.of(record));
        assertEquals(List.of(envelope.accepted().mailId()), maildrops.listing(alice));
        assertTrue(maildrops.sumsAreRight(alice));
        assertEquals(1, meters.counter("postbus.mailbox.mails.filed").count());
    }

    @Test
    void theFirstRoutingStandsWhateverALaterOneSays() {
        UUID alice = maildrops.account();
        UUID bob = maildrops.account();
        UUID mailId = MailIds.mint();
        file(whole(routed(mailId, List.of(alice), List.of()), "hi\r\n"));
        file(whole(routed(mailId, List.of(bob), List.of(UNKNOWN)), "hi\r\n"));
        assertEquals(List.of(mailId), maildrops.listing(alice));
        assertEquals(List.of(), maildrops.listing(bob));
        assertEquals(List.of(), outbox.records);
    }

    @Test
    void aMailThatOnlyFailedIsDecidedToo() throws ContractViolation {
        UUID bob = maildrops.account();
        UUID mailId = MailIds.mint();
        file(whole(routed(mailId, List.of(), List.of(UNKNOWN)), "hi\r\n"));
        file(whole(routed(mailId, List.of(bob), List.of()), "hi\r\n"));
        assertEquals(List.of(), maildrops.listing(bob));
        assertEquals(List.of(UNKNOWN), onlyFailure().failures());
        assertEquals(0, maildrops.number("select count(*) from content_chunk where mail_id = ?", mailId));
    }

    @Test
    void listingOrderIsTheOrderOfFiling() {
        UUID alice = maildrops.account();
        List<RoutedEnvelope> envelopes = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            envelopes.add(routedTo(alice));
        }
        Collections.shuffle(envelopes, new java.util.Random(1));
        maildrops.apply(filer, envelopes.stream().map(envelope -> consumed(whole(envelope, "hi\r\n"))).toList());
        assertEquals(envelopes.stream().map(envelope -> envelope.accepted().mailId()).toList(), maildrops.listing(alice));
        assertTrue(maildrops.sumsAreRight(alice));
    }

    @Test
    void twoForwardPathsIntoOneMaildropMakeOneCopy() {
        UUID alice = maildrops.account();
        UUID mailId = MailIds.mint();
        RoutedEnvelope envelope = new RoutedEnvelope(
                TestMails.accepted(mailId, List.of("alice@demo.test", "sales@demo.test")),
                List.of(new LocalDelivery(alice, "alice@demo.test", "alice@demo.test"),
                        new LocalDelivery(alice, "alice@demo.test", "sales@demo.test")), List.of());
        file(whole(envelope, "hi\r\n"));
        assertEquals(List.of(mailId), maildrops.listing(alice));
        assertTrue(maildrops.sumsAreRight(alice));
        assertEquals(2, meters.counter("postbus.mailbox.deliveries").count());
    }

    @Test
    void aMailMayFillTheQuotaButNotExceedIt() throws ContractViolation {
        UUID probe = maildrops.account();
        file(whole(routedTo(probe), "hi\r\n"));
        long octets = maildrops.number("select used_bytes from account where id = ?", probe);

        UUID roomForTwo = maildrops.accountWithQuota(2 * octets);
        maildrops.apply(filer, List.of(consumed(whole(routedTo(roomForTwo), "hi\r\n")),
                consumed(whole(routedTo(roomForTwo), "hi\r\n")), consumed(whole(routedTo(roomForTwo), "hi\r\n"))));
        assertEquals(2, maildrops.listing(roomForTwo).size());
        assertEquals("5.2.2", onlyFailure().failures().getFirst().status());

        UUID oneShort = maildrops.accountWithQuota(octets - 1);
        file(whole(routedTo(oneShort), "hi\r\n"));
        assertEquals(List.of(), maildrops.listing(oneShort));
    }

    @Test
    void recipientsFareApart() throws ContractViolation {
        UUID alice = maildrops.account();
        UUID full = maildrops.accountWithQuota(0);
        UUID disabled = maildrops.account();
        maildrops.execute("update account set enabled = false where id = ?", disabled);
        UUID gone = MailIds.mint();
        UUID mailId = MailIds.mint();
        file(whole(routed(mailId, List.of(full, alice, disabled, gone), List.of(UNKNOWN)), "Subject: foo\r\n\r\nhi\r\n"));
        assertEquals(List.of(mailId), maildrops.listing(alice));
        MailFailed failed = onlyFailure();
        assertEquals(List.of("5.1.1", "5.2.2", "5.2.1", "5.1.1"), failed.failures().stream().map(FailedRecipient::status).toList());
        String headerSection = new String(failed.headerSection(), StandardCharsets.ISO_8859_1);
        assertTrue(headerSection.contains("Subject: foo\r\n") && headerSection.endsWith("\r\n\r\n"), headerSection);
    }

    @Test
    void aLongHeaderSectionIsCutAtALineInTheFailure() throws ContractViolation {
        String field = "X-Long: " + "x".repeat(990) + "\r\n";
        file(whole(routed(MailIds.mint(), List.of(), List.of(UNKNOWN)), field.repeat(100) + "\r\nhi\r\n"));
        byte[] headerSection = onlyFailure().headerSection();
        assertTrue(headerSection.length <= MailFailed.MAX_HEADER_OCTETS && headerSection.length > MailFailed.MAX_HEADER_OCTETS - 1000);
        assertEquals('\n', headerSection[headerSection.length - 1]);
    }

    @Test
    void aTombstoneThatCameFirstKeepsTheMailOut() {
        UUID alice = maildrops.account();
        UUID mailId = MailIds.mint();
        maildrops.execute("insert into tombstone (account_id, mail_id) values (?, ?)", alice, mailId);
        file(whole(routed(mailId, List.of(alice), List.of()), "hi\r\n"));
        assertEquals(List.of(), maildrops.listing(alice));
        assertEquals(List.of(), outbox.records, "deleted is not failed");
        assertEquals(0, maildrops.number("select count(*) from content_chunk where mail_id = ?", mailId));
        assertTrue(maildrops.sumsAreRight(alice));
    }

    @Test
    void aReversePathThatIsNoMailboxBreaksTheContract() {
        UUID mailId = MailIds.mint();
        var odd = new Envelope(mailId, "no mailbox", List.of("a@demo.test"), "7BIT",
                new Envelope.Client("192.0.2.7", "x"), "SMTP", "mail.demo.test", Instant.now(), 0, "");
        assertThrows(IllegalStateException.class, () -> file(whole(new RoutedEnvelope(odd, List.of(), List.of(UNKNOWN)), "hi\r\n")));
    }

    @Test
    void aDeliveryThatTheClientAskedToHearOfIsTold() throws ContractViolation {
        UUID mailId = MailIds.mint();
        RoutedEnvelope plain = routed(mailId, List.of(maildrops.account(), maildrops.account()), List.of());
        file(whole(asking(plain, Notify.SUCCESS, "user1@demo.test"), "hi\r\n"));
        MailFailed told = onlyFailure();
        assertEquals(List.of(), told.failures());
        assertEquals(List.of(new DeliveredRecipient("user1@demo.test", "user1@demo.test")), told.delivered());
        assertEquals(Optional.empty(), told.mail(), "all of a mail is returned where it failed");
    }

    @Test
    void aFailureBearsTheWholeMailWhereTheClientAskedForIt() throws ContractViolation {
        UUID mailId = MailIds.mint();
        file(whole(asking(routed(mailId, List.of(), List.of(UNKNOWN)), Notify.FAILURE, "nobody@demo.test"), "Subject: x\r\n\r\nhi\r\n"));
        assertTrue(new String(onlyFailure().mail().orElseThrow(), StandardCharsets.ISO_8859_1).endsWith("\r\n\r\nhi\r\n"));
    }

    private static RoutedEnvelope asking(RoutedEnvelope routed, Notify when, String forwardPath) {
        Envelope plain = routed.accepted();
        NotificationRequest request = new NotificationRequest(Optional.empty(), Optional.of(Return.FULL), List.of(
                new NotificationRequest.Recipient(forwardPath, Optional.of(Set.of(when)), Optional.empty())));
        return new RoutedEnvelope(new Envelope(plain.mailId(), plain.reversePath(), plain.forwardPaths(), plain.body(), plain.client(),
                plain.protocol(), plain.hostname(), plain.acceptedAt(), 0, plain.traceFields(), Optional.of(request), List.of()),
                routed.deliveries(), routed.failures());
    }

    @Test
    void theHeaderSummaryIsForPeople() {
        RoutedEnvelope envelope = routedTo(maildrops.account());
        file(whole(envelope, "SUBJECT : foo\r\n\tbar\0baz\r\nFrom:a@b\r\nX: " + "y".repeat(500) + "\r\n\r\nSubject: body\r\n"));
        assertEquals(1, maildrops.number("select count(*) from content where mail_id = ? and header_subject = 'foo bar baz' "
                + "and header_from = 'a@b' and header_date <> ''", envelope.accepted().mailId()));
    }

    private void file(org.postbus.events.MailRecord<RoutedEnvelope> mail) {
        maildrops.apply(filer, List.of(consumed(mail)));
    }

    private MailFailed onlyFailure() throws ContractViolation {
        assertEquals(1, outbox.records.size());
        return FactCodec.MAIL_FAILED.decode(consumed(outbox.records.getFirst(), Instant.now()));
    }
}
