package org.postbus.delivery.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.MessageDigest;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.delivery.Fixtures;
import org.postbus.delivery.queue.Claims.Claimed;
import org.postbus.delivery.queue.Enqueuing.Arrived;
import org.postbus.delivery.relay.RelayBench;
import org.postbus.events.ContractViolation;
import org.postbus.events.Envelope;
import org.postbus.events.MailIds;
import org.postbus.events.MailRecord;

/** How mails come into the queue, whole or in chunks, and what leaves it: each once, whatever is repeated. */
class EnqueuingTest {

    private static final String ROWS = "select (select count(*) from mail) * 100 + (select count(*) from recipient) * 10 + (select count(*) from chunk)";
    private static RelayBench bench;

    @BeforeAll
    static void begin() {
        bench = new RelayBench(Map.of());
    }

    @AfterAll
    static void end() throws Exception {
        bench.close();
    }

    @BeforeEach
    void empty() throws Exception {
        bench.execute("truncate recipient, mail, chunk, instance, outbox, route");
    }

    @Test
    void aMailThatComesTwiceInOneBatchIsEnqueuedOnce() throws Exception {
        Arrived arrived = arrived("ESMTP", MailIds.mint());
        Arrived other = arrived("ESMTP", MailIds.mint());
        assertEquals(List.of(arrived, other), write(arrived, arrived, other));
        assertEquals(222, bench.count(ROWS));
    }

    @Test
    void aMailThatComesAgainIsEnqueuedOnce() throws Exception {
        Arrived arrived = arrived("ESMTP", MailIds.mint());
        write(arrived);
        assertEquals(List.of(), write(arrived));
        assertEquals(111, bench.count(ROWS));
    }

    /** A notification has one id however often it is published; other mail comes from the event log, which its position guards. */
    @ParameterizedTest
    @ValueSource(strings = {"internal", "ESMTP"})
    void aNotificationThatComesAgainWithinADayIsKnown(String protocol) throws Exception {
        Arrived arrived = arrived(protocol, MailIds.mint());
        write(arrived);
        relayAll();
        boolean known = protocol.equals("internal");
        assertEquals(known ? 100 : 0, bench.count(ROWS));
        assertEquals(known ? 0 : 1, write(arrived).size());

        bench.execute("update mail set done_at = now() - interval '23 hours' where done_at is not null");
        sweep();
        assertEquals(1, bench.count("select count(*) from mail"));
        bench.execute("update mail set done_at = now() - interval '25 hours' where done_at is not null");
        sweep();
        assertEquals(known ? 0 : 1, bench.count("select count(*) from mail"));
    }

    @Test
    void whatIsRelayedIsToldOnceWithTheSameIdsHoweverOftenItIsPublished() throws Exception {
        write(arrived("ESMTP", MailIds.mint()));
        relayAll(new Outcome.Failed());
        List<Outbox.Item> first = new ArrayList<>();
        Outbox outbox = new Outbox(bench.dataSource());
        // The event log had them, and the process died before it could know.
        assertThrows(IllegalStateException.class, () -> outbox.publish(10, items -> {
            first.addAll(items);
            throw new IllegalStateException("died");
        }));
        List<Outbox.Item> second = new ArrayList<>();
        assertEquals(2, outbox.publish(10, second::addAll));
        assertEquals(ids(first), ids(second));
        assertEquals(0, outbox.publish(10, second::addAll));
    }

    @Test
    void aLargeMailIsDueWhenItIsWhole() throws Exception {
        UUID mailId = MailIds.mint();
        byte[] all = Fixtures.octets("Subject: x\r\n\r\nGr\u00fc\u00dfe\r\n");
        arriving(arriving -> arriving.open(envelope("ESMTP", mailId), Arrays.copyOf(all, 5), List.of(recipient(mailId))));
        arriving(arriving -> arriving.chunk(mailId, 1, Arrays.copyOfRange(all, 5, all.length)));
        // Again, as after a batch that was applied twice: what came first stays.
        arriving(arriving -> arriving.chunk(mailId, 1, Fixtures.octets("again")));
        arriving(arriving -> arriving.open(envelope("ESMTP", mailId), Fixtures.octets("again"), List.of(recipient(mailId))));
        assertEquals(0, claim().recipients().size());
        arriving(arriving -> arriving.close(closing(mailId, 2, all), bench.now()));
        arriving(arriving -> arriving.close(closing(mailId, 2, all), bench.now()));
        Claimed claimed = claim();
        assertEquals(1, claimed.recipients().size());
        QueuedMail mail = claimed.mails().get(mailId);
        assertEquals(List.of(2, all.length, true), List.of(mail.chunks(), (int) mail.octets(), mail.eightBit()));
    }

    @Test
    void aLargeMailThatIsNotWhatWasSentIsNeverDue() throws Exception {
        UUID mailId = MailIds.mint();
        byte[] sent = Fixtures.octets("Subject: x\r\n\r\nx\r\n");
        arriving(arriving -> arriving.open(envelope("ESMTP", mailId), Fixtures.octets("Subject: x\r\n\r\ny\r\n"), List.of(recipient(mailId))));
        assertThrows(ContractViolation.class, () -> arriving(arriving -> arriving.close(closing(mailId, 1, sent), bench.now())));
        assertThrows(ContractViolation.class, () -> arriving(arriving -> arriving.close(closing(mailId, 2, sent), bench.now())));
        assertEquals(0, claim().recipients().size());
    }

    @Test
    void aLargeMailWhoseRouteIsForgottenIsSwept() throws Exception {
        UUID kept = MailIds.mint();
        UUID orphan = MailIds.mint();
        for (UUID mailId : List.of(kept, orphan)) {
            arriving(arriving -> arriving.open(envelope("ESMTP", mailId), Fixtures.octets("Subject: x\r\n"), List.of(recipient(mailId))));
        }
        write(arrived("ESMTP", MailIds.mint()));
        bench.execute("insert into route (mail_id, source_partition, routed_partition, last_record_at) values ('" + kept + "', 0, 0, now())");
        try (Connection connection = bench.dataSource().getConnection()) {
            ArrivingMails.sweep(connection);
        }
        assertEquals(222, bench.count(ROWS));
        assertEquals(0, bench.count("select count(*) from mail where mail_id = '" + orphan + "'"));
    }

    private interface Arriving {
        void with(ArrivingMails mails) throws Exception;
    }

    private static void arriving(Arriving step) throws Exception {
        try (Connection connection = bench.dataSource().getConnection()) {
            step.with(new ArrivingMails(connection));
        }
    }

    private static MailRecord.Closing<Envelope> closing(UUID mailId, int chunks, byte[] all) throws Exception {
        return new MailRecord.Closing<>(mailId, chunks, all.length, HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all)));
    }

    private static List<UUID> ids(List<Outbox.Item> items) {
        return items.stream().map(item -> switch (item) {
            case Outbox.Item.Trail(var event) -> event.id();
            case Outbox.Item.Notice(var report) -> report.notificationId();
        }).toList();
    }

    private static void relayAll() throws Exception {
        relayAll(new Outcome.Relayed(false));
    }

    private static void relayAll(Outcome.Fate fate) throws Exception {
        Claimed claimed = claim();
        for (QueuedRecipient one : claimed.recipients()) {
            new Outcomes(bench.dataSource()).record(List.of(new Attempt(claimed.mails().get(one.mailId()), List.of(
                    new Outcome(claimed.claim(), one, fate, Outcome.Word.own("5.0.0", "done"))), bench.now(), Optional.empty(), "")));
        }
    }

    private static Claimed claim() throws Exception {
        Instance instance = new Instance(bench.dataSource(), "");
        instance.join();
        return new Claims(bench.dataSource()).claim(instance.id(), bench.now(), 10);
    }

    private static void sweep() throws Exception {
        try (Connection connection = bench.dataSource().getConnection()) {
            FinishedMails.sweep(connection);
        }
    }

    private static List<Arrived> write(Arrived... mails) throws Exception {
        Enqueuing enqueuing = new Enqueuing();
        List.of(mails).forEach(enqueuing::add);
        try (Connection connection = bench.dataSource().getConnection()) {
            return enqueuing.write(connection);
        }
    }

    private static Arrived arrived(String protocol, UUID mailId) {
        byte[] data = Fixtures.octets("Subject: x\r\n\r\nx\r\n");
        return new Arrived(new QueuedMail(envelope(protocol, mailId), data.length, 1, false), data, List.of(recipient(mailId)), Optional.empty());
    }

    private static QueuedRecipient recipient(UUID mailId) {
        return new QueuedRecipient(mailId, 0, "bob@remote.test", "bob@remote.test", "ann@one.test", "remote.test", bench.now(),
                bench.now().plusSeconds(86_400), 0, false);
    }

    private static Envelope envelope(String protocol, UUID mailId) {
        return new Envelope(mailId, "ann@one.test", List.of("bob@remote.test"), "7BIT", new Envelope.Client("192.0.2.1", ""), protocol,
                "mx.example.org", MailIds.time(mailId), 0, "");
    }
}
