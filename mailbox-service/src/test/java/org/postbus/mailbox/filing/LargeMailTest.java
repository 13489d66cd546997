package org.postbus.mailbox.filing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.postbus.mailbox.TestMails.chunked;
import static org.postbus.mailbox.TestMails.consumed;
import static org.postbus.mailbox.TestMails.octets;
import static org.postbus.mailbox.TestMails.routed;
import static org.postbus.mailbox.TestMails.routedTo;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.events.FailedRecipient;
import org.postbus.events.MailCodec;
import org.postbus.events.HeaderEdits;
import org.postbus.events.MailIds;
import org.postbus.events.MailRecord;
import org.postbus.events.RoutedEnvelope;
import org.postbus.events.Topics;
import org.postbus.mailbox.Maildrops;
import org.postbus.mailbox.Servers;
import org.postbus.mailbox.eventlog.EventLog;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class LargeMailTest {

    @Inject
    Maildrops maildrops;

    @Inject
    EventLog log;

    private final Maildrops.CapturedOutbox outbox = new Maildrops.CapturedOutbox();
    private MailFiler filer;

    @BeforeEach
    void makeFiler() {
        filer = new MailFiler(log.producer(), outbox::add, () -> { }, new FilingMetrics(new SimpleMeterRegistry()));
    }

    @Test
    void chunksMakeTheMailThatWasSent() {
        UUID alice = maildrops.account();
        RoutedEnvelope envelope = routedTo(alice);
        byte[] data = mail(3 * Topics.CHUNK_OCTETS + 7);
        List<MailRecord<RoutedEnvelope>> records = chunked(envelope, data);
        for (MailRecord<RoutedEnvelope> record : records.subList(0, records.size() - 1)) {
            apply(record);
            assertEquals(List.of(), maildrops.listing(alice), "nothing lists a mail that is not closed");
        }
        apply(records.getLast());
        UUID mailId = envelope.accepted().mailId();
        assertEquals(List.of(mailId), maildrops.listing(alice));
        String stored = maildrops.mail(mailId);
        assertTrue(stored.startsWith("Return-Path: <parrt@jguru.com>\r\nReceived: "), stored.substring(0, 100));
        String body = new String(data, java.nio.charset.StandardCharsets.ISO_8859_1).split("\r\n\r\n", 2)[1];
        assertEquals(body, stored.split("\r\n\r\n", 2)[1]);
        assertTrue(maildrops.sumsAreRight(alice));
        assertEquals(0, maildrops.number("select count(*) from parked where mail_id = ?", mailId));
    }

    @Test
    void whatAFilterWantsChangedIsChangedInTheEnd() {
        UUID alice = maildrops.account();
        RoutedEnvelope envelope = routedTo(alice);
        byte[] data = ("X-Spam: No\r\nX-Kept: yes\r\n\r\n" + "x".repeat(70) + "\r\n").getBytes();
        List<MailRecord<RoutedEnvelope>> records = chunked(envelope, data);
        var closing = (MailRecord.Closing<RoutedEnvelope>) records.removeLast();
        records.forEach(this::apply);
        apply(new MailRecord.Closing<>(closing.mailId(), closing.chunks(), closing.octets(), closing.sha256(),
                new HeaderEdits("X-Spam: Yes\r\n", List.of("X-Spam"))));
        String stored = maildrops.mail(envelope.accepted().mailId());
        assertTrue(stored.startsWith("Return-Path: <parrt@jguru.com>\r\nX-Spam: Yes\r\nReceived: "), stored);
        assertTrue(stored.contains("\r\nX-Kept: yes\r\n") && !stored.contains("X-Spam: No"), stored);
        assertTrue(maildrops.sumsAreRight(alice));
    }

    @Test
    void allInOneBatchAndAllAgainIsOneMail() {
        UUID alice = maildrops.account();
        RoutedEnvelope envelope = routedTo(alice);
        var records = chunked(envelope, mail(Topics.CHUNK_OCTETS + 1)).stream().map(record -> consumed(record)).toList();
        var twice = new ArrayList<>(records);
        twice.addAll(records);
        maildrops.apply(filer, twice);
        maildrops.apply(filer, records);
        assertEquals(List.of(envelope.accepted().mailId()), maildrops.listing(alice));
        assertTrue(maildrops.sumsAreRight(alice));
    }

    @Test
    void aSecondRoutingAmongTheChunksChangesNothing() {
        UUID alice = maildrops.account();
        UUID bob = maildrops.account();
        UUID mailId = MailIds.mint();
        byte[] data = mail(Topics.CHUNK_OCTETS * 2);
        var first = chunked(routed(mailId, List.of(alice), List.of()), data);
        var second = chunked(routed(mailId, List.of(bob), List.of()), data);
        for (int i = 0; i < first.size(); i++) {
            apply(first.get(i));
            apply(second.get(i));
        }
        assertEquals(List.of(mailId), maildrops.listing(alice));
        assertEquals(List.of(), maildrops.listing(bob));
    }

    @Test
    void aClosingRecordThatDoesNotFitBreaksTheContract() {
        UUID alice = maildrops.account();
        RoutedEnvelope envelope = routedTo(alice);
        List<MailRecord<RoutedEnvelope>> records = chunked(envelope, mail(Topics.CHUNK_OCTETS * 2));
        var closing = (MailRecord.Closing<RoutedEnvelope>) records.getLast();
        records.subList(0, records.size() - 1).forEach(this::apply);
        List<MailRecord.Closing<RoutedEnvelope>> wrong = List.of(
                new MailRecord.Closing<>(closing.mailId(), closing.chunks() + 1, closing.octets(), closing.sha256()),
                new MailRecord.Closing<>(closing.mailId(), closing.chunks(), closing.octets() + 1, closing.sha256()),
                new MailRecord.Closing<>(closing.mailId(), closing.chunks(), closing.octets(), "0".repeat(64)),
                new MailRecord.Closing<>(MailIds.mint(), closing.chunks(), closing.octets(), closing.sha256()));
        wrong.forEach(odd -> assertThrows(IllegalStateException.class, () -> apply(odd)));
        assertEquals(List.of(), maildrops.listing(alice));
        apply(closing);
        assertEquals(1, maildrops.listing(alice).size(), "a wrong closing record spoils nothing");
    }

    @Test
    void aChunkWithoutTheFirstOneBreaksTheContract() {
        List<MailRecord<RoutedEnvelope>> records = chunked(routedTo(maildrops.account()), mail(Topics.CHUNK_OCTETS * 2));
        assertThrows(IllegalStateException.class, () -> apply(records.get(1)));
    }

    @Test
    void aLargeMailThatOnlyFailedKeepsNoOctets() {
        var failure = new FailedRecipient("nobody@demo.test", "nobody@demo.test", "5.1.1", "550 5.1.1 no such account");
        UUID mailId = MailIds.mint();
        chunked(routed(mailId, List.of(), List.of(failure)), mail(Topics.CHUNK_OCTETS * 2)).forEach(this::apply);
        assertEquals(0, maildrops.number("select count(*) from content_chunk where mail_id = ?", mailId));
        assertEquals(1, outbox.records.size());
    }

    @Test
    void chunksWithoutAClosingRecordGoADayOfLogTimeLater() {
        RoutedEnvelope orphan = routedTo(maildrops.account());
        RoutedEnvelope young = routedTo(maildrops.account());
        Instant now = Instant.now();
        applyAt(chunked(orphan, mail(Topics.CHUNK_OCTETS * 2)).getFirst(), now.minus(Duration.ofHours(25)));
        makeFiler();
        applyAt(chunked(young, mail(Topics.CHUNK_OCTETS * 2)).getFirst(), now.minus(Duration.ofHours(2)));
        assertEquals(1, parked(orphan), "the consumed log is not a day further");
        makeFiler();
        applyAt(chunked(routedTo(maildrops.account()), mail(Topics.CHUNK_OCTETS * 2)).getFirst(), now);
        assertEquals(0, parked(orphan));
        assertEquals(1, parked(young));
        assertEquals(0, maildrops.number("select count(*) from content_chunk where mail_id = ?", orphan.accepted().mailId()));
    }

    @Test
    void fiftyMebibytesPassThroughAHeapOfForty() throws Exception {
        RoutedEnvelope envelope = routedTo(maildrops.account());
        List<MailRecord<RoutedEnvelope>> records = chunked(envelope, mail(50 * 1024 * 1024));
        records.subList(0, records.size() - 1).forEach(this::apply);
        var closing = (MailRecord.Closing<RoutedEnvelope>) records.getLast();
        var config = ConfigProvider.getConfig();
        String output = SmallHeap.run(40, config.getValue("quarkus.datasource.mailbox.jdbc.url", String.class)
                + "?currentSchema=mailbox", config.getValue("quarkus.datasource.mailbox.username", String.class),
                config.getValue("quarkus.datasource.mailbox.password", String.class), closing.mailId().toString(),
                Integer.toString(closing.chunks()), Long.toString(closing.octets()), closing.sha256());
        assertTrue(output.contains("octets 52"), output);
    }

    private long parked(RoutedEnvelope envelope) {
        return maildrops.number("select count(*) from parked where mail_id = ?", envelope.accepted().mailId());
    }

    private void apply(MailRecord<RoutedEnvelope> record) {
        maildrops.apply(filer, List.of(consumed(record)));
    }

    private void applyAt(MailRecord<RoutedEnvelope> record, Instant at) {
        maildrops.apply(filer, List.of(consumed(MailCodec.ROUTED.encode(record, "delivery-service", 0), at)));
    }

    private static byte[] mail(int size) {
        byte[] data = new byte[size];
        new Random(size).nextBytes(data);
        byte[] header = octets("Subject: large\r\n\r\n");
        System.arraycopy(header, 0, data, 0, header.length);
        return data;
    }
}
