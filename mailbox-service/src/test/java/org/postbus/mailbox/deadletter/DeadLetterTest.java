package org.postbus.mailbox.deadletter;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.postbus.mailbox.TestMails.routedTo;
import static org.postbus.mailbox.TestMails.whole;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.postbus.consumer.EventProducer;
import org.postbus.events.MailCodec;
import org.postbus.events.MailIds;
import org.postbus.events.RoutedEnvelope;
import org.postbus.events.Topics;
import org.postbus.mailbox.Maildrops;
import org.postbus.mailbox.Servers;
import org.postbus.mailbox.eventlog.EventLog;

/** The whole way: poison on a topic, its dead letter, the index, the replay. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
class DeadLetterTest {

    @Inject
    Maildrops maildrops;

    @Inject
    EventLog log;

    @Test
    void poisonIsListedAndTheMailBehindItIsFiled() {
        UUID alice = maildrops.account();
        UUID poison = MailIds.mint();
        int partition = 0;
        send(new ProducerRecord<>(Topics.MAIL_ROUTED, partition, poison.toString().getBytes(StandardCharsets.US_ASCII),
                "poison".getBytes(StandardCharsets.US_ASCII)));
        RoutedEnvelope good = routedTo(alice);
        send(MailCodec.ROUTED.encode(whole(good, "hi\r\n"), "delivery-service", partition));
        Maildrops.await("the mail behind the poison", () -> maildrops.listing(alice).contains(good.accepted().mailId()));
        String letter = letterOf(poison);
        api().get("/api/v1/dead-letters").then().statusCode(200)
                .body("items.find { it.id == '" + letter + "' }.topic", equalTo("mail.routed"))
                .body("items.find { it.id == '" + letter + "' }.reason", containsString("ce_type"))
                .body("items.find { it.id == '" + letter + "' }.octets", equalTo(6));
    }

    @Test
    void aReplayBringsTheOriginalBackOnce() {
        UUID alice = maildrops.account();
        RoutedEnvelope envelope = routedTo(alice);
        UUID mailId = envelope.accepted().mailId();
        ProducerRecord<byte[], byte[]> original = MailCodec.ROUTED.encode(whole(envelope, "hi\r\n"), "delivery-service", 1);
        bury(original, "a bug that is mended");
        String letter = letterOf(mailId);
        api().post("/api/v1/dead-letters/" + letter + "/replay").then().statusCode(204);
        Maildrops.await("the mail is filed", () -> maildrops.listing(alice).equals(List.of(mailId)));
        api().post("/api/v1/dead-letters/" + letter + "/replay").then().statusCode(409)
                .body("type", equalTo("urn:postbus:problem:not-replayable"));
    }

    @Test
    void whatAnyoneWritesToTheTopicIsIndexed() {
        UUID key = MailIds.mint();
        ProducerRecord<byte[], byte[]> odd = new ProducerRecord<>(Topics.DELIVERY_DEAD_LETTER, null,
                key.toString().getBytes(StandardCharsets.US_ASCII), null);
        odd.headers().add("dead-letter-topic", "mail.\0odd".getBytes(StandardCharsets.US_ASCII))
                .add("dead-letter-offset", "-1".getBytes(StandardCharsets.US_ASCII))
                .add("dead-letter-partition", "99999999999".getBytes(StandardCharsets.US_ASCII))
                .add("dead-letter-time", "never".getBytes(StandardCharsets.US_ASCII))
                .add("null", null);
        send(odd);
        String letter = letterOf(key);
        api().post("/api/v1/dead-letters/" + letter + "/replay").then().statusCode(409);
    }

    @Test
    void anUnknownDeadLetterIsNotFound() {
        api().post("/api/v1/dead-letters/" + MailIds.mint() + "/replay").then().statusCode(404);
        given().get("/api/v1/dead-letters").then().statusCode(401);
    }

    @Test
    void pagesGoOnWhereTheLastOneEnded() {
        for (int i = 0; i < 3; i++) {
            UUID mailId = MailIds.mint();
            bury(new ProducerRecord<>("mail.accepted", 0, mailId.toString().getBytes(StandardCharsets.US_ASCII), new byte[0]), "test");
            letterOf(mailId);
        }
        List<String> first = api().queryParam("limit", 2).get("/api/v1/dead-letters").then().extract().path("items.id");
        String next = api().queryParam("limit", 2).get("/api/v1/dead-letters").then().extract().path("next");
        List<String> second = api().queryParam("limit", 2).queryParam("cursor", next).get("/api/v1/dead-letters").then()
                .extract().path("items.id");
        List<String> all = api().queryParam("limit", 4).get("/api/v1/dead-letters").then().extract().path("items.id");
        assertEquals(all.subList(0, 2), first);
        assertEquals(all.subList(2, Math.min(4, all.size())), second);
    }

    private void bury(ProducerRecord<byte[], byte[]> original, String reason) {
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(Topics.MAILBOX_DEAD_LETTER, null, original.key(),
                original.value(), original.headers());
        letter.headers().add("dead-letter-reason", reason.getBytes(StandardCharsets.UTF_8))
                .add("dead-letter-topic", original.topic().getBytes(StandardCharsets.UTF_8))
                .add("dead-letter-partition", original.partition().toString().getBytes(StandardCharsets.UTF_8))
                .add("dead-letter-offset", Long.toString(System.nanoTime()).getBytes(StandardCharsets.UTF_8));
        send(letter);
    }

    private String letterOf(UUID mailId) {
        Maildrops.await("the dead letter is indexed", () -> maildrops.number(
                "select count(*) from dead_letter where encode(key, 'escape') = ?", mailId.toString()) == 1);
        return maildrops.text("select id::text from dead_letter where encode(key, 'escape') = ?", mailId.toString());
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        EventProducer.awaitAll(List.of(log.producer().send(record)), EventProducer.ACKNOWLEDGED_WITHIN);
    }

    private static RequestSpecification api() {
        return given().auth().oauth2(Servers.ADMIN_TOKEN);
    }
}
