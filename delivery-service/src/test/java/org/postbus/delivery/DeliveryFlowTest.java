package org.postbus.delivery;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.events.Envelope;
import org.postbus.events.FactCodec;
import org.postbus.events.FailedRecipient;
import org.postbus.events.MailCodec;
import org.postbus.events.MailFailed;
import org.postbus.events.MailIds;
import org.postbus.events.MailRecord;
import org.postbus.events.RoutedEnvelope;
import org.postbus.events.RoutedEnvelope.LocalDelivery;
import org.postbus.events.Topics;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailStep;
import org.postbus.events.directory.DirectoryEntry;

/** The running service between real topics: what goes in at one end comes out at the other. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
class DeliveryFlowTest {

    private static final String SHA256 = "0".repeat(64);

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    private final String domain = "d" + UUID.randomUUID().toString().substring(0, 8) + ".test";
    private final UUID ann = UUID.randomUUID();
    private final UUID mailId = MailIds.mint();
    private EventLog log;
    private long directoryOffset;

    @BeforeEach
    void fillTheDirectory() {
        log = new EventLog(bootstrapServers);
        log.publish(new DirectoryEntry.Domain(domain, EventLog.nextVersion(), Optional.of("ann@" + domain)));
        log.publish(new DirectoryEntry.Account("ann@" + domain, EventLog.nextVersion(), ann, true));
        directoryOffset = log.publish(new DirectoryEntry.Alias("all@" + domain, EventLog.nextVersion(),
                List.of("ann@" + domain, "gone@" + domain)));
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void aMailIsRoutedByTheDirectoryThatJudgedIt() throws Exception {
        byte[] data = Fixtures.octets("Subject: hi\r\n\r\nhi\r\n");
        accept(new MailRecord.Whole<>(mailId, envelope("bob@remote.test", "ann+tag@" + domain, "all@" + domain), data));

        var routed = assertInstanceOf(MailRecord.Whole.class, routed(1).getFirst());
        assertArrayEquals(data, routed.data());
        RoutedEnvelope decision = (RoutedEnvelope) routed.envelope();
        assertEquals(List.of(new LocalDelivery(ann, "ann@" + domain, "ann+tag@" + domain)), decision.deliveries());
        assertEquals(List.of("5.1.1"), decision.failures().stream().map(FailedRecipient::status).toList());
        assertEquals(List.of(TrailStep.EXPANDED, TrailStep.ROUTED), trail(mailId, 2).stream().map(TrailEvent::step).toList());
    }

    @Test
    void routingWaitsForAnEntryThatTheGatewaySawFirst() throws Exception {
        Envelope early = envelope("bob@remote.test", "late@" + domain);
        long next = directoryOffset + 1;
        Envelope waiting = new Envelope(mailId, early.reversePath(), early.forwardPaths(), early.body(), early.client(),
                early.protocol(), early.hostname(), early.acceptedAt(), next, early.traceFields());
        UUID late = UUID.randomUUID();
        log.publish(new DirectoryEntry.Account("late@" + domain, EventLog.nextVersion(), late, true));
        accept(new MailRecord.Whole<>(mailId, waiting, Fixtures.octets("hi\r\n")));
        var routed = assertInstanceOf(MailRecord.Whole.class, routed(1).getFirst());
        assertEquals(late, ((RoutedEnvelope) routed.envelope()).deliveries().getFirst().accountId());
    }

    @Test
    void aDirectoryOffsetThatNeverComesStopsNobody() throws Exception {
        Envelope sane = envelope("bob@remote.test", "ann@" + domain);
        accept(new MailRecord.Whole<>(mailId, new Envelope(mailId, sane.reversePath(), sane.forwardPaths(), sane.body(),
                sane.client(), sane.protocol(), sane.hostname(), sane.acceptedAt(), Long.MAX_VALUE, ""), Fixtures.octets("hi\r\n")));
        assertEquals(1, routed(1).size());
    }

    @Test
    void largeMailIsPassedOnInOrderToOnePartition() throws Exception {
        accept(new MailRecord.FirstChunk<>(mailId, envelope("", "ann@" + domain), Fixtures.octets("Subject: big\r\n\r\n")));
        accept(new MailRecord.Chunk<>(mailId, 1, Fixtures.octets("one")));
        accept(new MailRecord.Chunk<>(mailId, 2, Fixtures.octets("two")));
        accept(new MailRecord.Closing<>(mailId, 3, 22, SHA256));

        List<ConsumerRecord<byte[], byte[]>> records = log.await(Topics.MAIL_ROUTED, mailId, 4);
        assertEquals(1, records.stream().map(ConsumerRecord::partition).distinct().count());
        List<MailRecord<RoutedEnvelope>> routed = routed(4);
        var first = assertInstanceOf(MailRecord.FirstChunk.class, routed.get(0));
        assertEquals(ann, ((RoutedEnvelope) first.envelope()).deliveries().getFirst().accountId());
        assertEquals(2, assertInstanceOf(MailRecord.Chunk.class, routed.get(2)).n());
        assertEquals(new MailRecord.Closing<RoutedEnvelope>(mailId, 3, 22, SHA256), routed.get(3));
    }

    @Test
    void aChunkWhoseFirstNeverCameGoesToTheDeadLetters() {
        accept(new MailRecord.Chunk<>(mailId, 1, Fixtures.octets("one")));
        var letter = log.await(Topics.DELIVERY_DEAD_LETTER, mailId, 1).getFirst();
        assertTrue(header(letter, "dead-letter-reason").contains("first chunk never came"));
        assertEquals(Topics.MAIL_ACCEPTED, header(letter, "dead-letter-topic"));
    }

    @Test
    void aFailureIsToldToALocalReversePathOnce() throws Exception {
        fail(envelope("ann@" + domain, "gone@" + domain));
        UUID dsn = MailIds.derived(mailId, "dsn", MailIds.time(mailId));
        var notification = assertInstanceOf(MailRecord.Whole.class,
                MailCodec.ACCEPTED.decode(log.await(Topics.MAIL_ACCEPTED, dsn, 1).getFirst()));
        Envelope envelope = (Envelope) notification.envelope();
        assertTrue(envelope.hasNullReversePath());
        assertEquals(List.of("ann@" + domain), envelope.forwardPaths());
        String text = new String(notification.data(), StandardCharsets.US_ASCII);
        assertTrue(text.contains("Final-Recipient: rfc822; gone@" + domain + "\r\nAction: failed\r\nStatus: 5.1.1\r\n"), text);
        assertTrue(text.contains("From: Mail Delivery System <MAILER-DAEMON@" + Servers.HOSTNAME + ">"), text);
        // The notification itself is routed like any other mail.
        var routed = assertInstanceOf(MailRecord.Whole.class, MailCodec.ROUTED.decode(log.await(Topics.MAIL_ROUTED, dsn, 1).getFirst()));
        assertEquals(ann, ((RoutedEnvelope) routed.envelope()).deliveries().getFirst().accountId());
        assertEquals(TrailStep.ACCEPTED, trail(dsn, 1).getFirst().step());
    }

    @Test
    void nobodyIsToldOfAFailureOfTheNullReversePath() throws Exception {
        fail(envelope("", "gone@" + domain));
        assertEquals("no notification: the reverse-path is null", trail(mailId, 1).getFirst().detail());
    }

    @Test
    void aRemoteReversePathIsToldLikeALocalOne() throws Exception {
        fail(envelope("bob@remote.test", "gone@" + domain));
        UUID dsn = MailIds.derived(mailId, "dsn", MailIds.time(mailId));
        var notification = assertInstanceOf(MailRecord.Whole.class,
                MailCodec.ACCEPTED.decode(log.await(Topics.MAIL_ACCEPTED, dsn, 1).getFirst()));
        assertEquals(List.of("bob@remote.test"), ((Envelope) notification.envelope()).forwardPaths());
        assertEquals("delivery status notification about mail " + mailId, trail(dsn, 1).getFirst().detail());
    }

    @Test
    void isReadyAndMeasured() throws Exception {
        accept(new MailRecord.Whole<>(mailId, envelope("", "ann@" + domain), Fixtures.octets("hi\r\n")));
        routed(1);
        given().get("/q/health/live").then().statusCode(200);
        given().get("/q/health/ready").then().statusCode(200)
                .body("checks.find { it.name == 'delivery-service' }.data.directory", equalTo("loaded"));
        given().get("/q/metrics").then().statusCode(200)
                .body(containsString("postbus_delivery_routed_total"))
                .body(containsString("postbus_consumer_lag{group=\"delivery.mail.accepted\""));
    }

    private Envelope envelope(String reversePath, String... forwardPaths) {
        Envelope plain = Fixtures.envelope(mailId, reversePath, forwardPaths);
        return new Envelope(mailId, plain.reversePath(), plain.forwardPaths(), plain.body(), plain.client(), plain.protocol(),
                plain.hostname(), plain.acceptedAt(), directoryOffset, plain.traceFields());
    }

    private void accept(MailRecord<Envelope> mail) {
        log.send(MailCodec.ACCEPTED, Topics.MAIL_ACCEPTED, mail);
    }

    private void fail(Envelope envelope) {
        MailFailed failed = new MailFailed(envelope, List.of(new FailedRecipient("gone@" + domain, "gone@" + domain, "5.1.1",
                "There is no such address")), Fixtures.octets("Subject: hi\r\n\r\n"), Instant.now());
        log.send(FactCodec.MAIL_FAILED.encode(failed, "test", 2));
    }

    private List<MailRecord<RoutedEnvelope>> routed(int count) throws Exception {
        List<MailRecord<RoutedEnvelope>> mails = new java.util.ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : log.await(Topics.MAIL_ROUTED, mailId, count)) {
            mails.add(MailCodec.ROUTED.decode(record));
        }
        return mails;
    }

    private List<TrailEvent> trail(UUID about, int count) throws Exception {
        List<TrailEvent> events = new java.util.ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : log.await(Topics.MAIL_TRAIL, about, count)) {
            events.add(FactCodec.MAIL_TRAIL.decode(record));
        }
        return events;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
