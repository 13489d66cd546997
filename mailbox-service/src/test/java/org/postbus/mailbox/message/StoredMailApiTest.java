package org.postbus.mailbox.message;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.postbus.mailbox.Api.admin;
import static org.postbus.mailbox.Api.gateway;
import static org.postbus.mailbox.Api.problem;
import static org.postbus.mailbox.TestMails.octets;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.consumer.EventProducer;
import org.postbus.events.FactCodec;
import org.postbus.events.FailedRecipient;
import org.postbus.events.MailCodec;
import org.postbus.events.MailIds;
import org.postbus.events.MailRecord;
import org.postbus.events.MaildropUpdated;
import org.postbus.events.RoutedEnvelope;
import org.postbus.events.RoutedEnvelope.LocalDelivery;
import org.postbus.events.Topics;
import org.postbus.mailbox.Api;
import org.postbus.mailbox.Maildrops;
import org.postbus.mailbox.Servers;
import org.postbus.mailbox.TestMails;
import org.postbus.mailbox.eventlog.EventLog;

/** The whole service: mail comes out of the event log, gateways and operators ask over HTTP. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
class StoredMailApiTest {

    private static final String PASSWORD = "correct horse battery";

    @Inject
    Maildrops maildrops;

    @Inject
    EventLog log;

    @TestHTTPResource
    URI server;

    private String address;
    private UUID account;

    @BeforeEach
    void makeAccount() {
        address = "alice@" + Api.freshDomain();
        Api.createAccount(address, PASSWORD).statusCode(201);
        account = UUID.fromString(maildrops.text("select id::text from account where address = ?", address));
    }

    @Test
    void whatTheEventLogBringsIsListedAndRead() {
        UUID first = deliver("Subject: one\r\n\r\nhi\r\n");
        UUID second = deliver("Subject: two\r\n\r\n" + "long line ".repeat(1000) + "\r\n");
        admin().get(messages()).then().statusCode(200)
                .body("items.mailId", contains(first.toString(), second.toString()))
                .body("items.subject", contains("one", "two"));
        String next = admin().queryParam("limit", 1).get(messages()).then().body("items", hasSize(1)).extract().path("next");
        admin().queryParam("limit", 1).queryParam("cursor", next).get(messages()).then()
                .body("items.mailId", contains(second.toString())).body("next", equalTo(null));
        byte[] raw = admin().get(messages() + "/" + second + "/raw").then().statusCode(200)
                .contentType("message/rfc822").extract().asByteArray();
        assertArrayEquals(octets(maildrops.mail(second)), raw);
        admin().get(messages() + "/" + second).then().body("octets", equalTo(raw.length));
        assertEquals(raw.length, deliveredOctets(second));
    }

    @Test
    void aDeletedMessageIsGoneWhenTheAnswerComes() {
        UUID mail = deliver("hi\r\n");
        admin().delete(messages() + "/" + mail).then().statusCode(204);
        admin().get(messages()).then().body("items", empty());
        admin().get(messages() + "/" + mail + "/raw").then().statusCode(404);
        admin().delete(messages() + "/" + mail).then().statusCode(404);
        assertTrue(maildrops.sumsAreRight(account));
        Maildrops.await("the deletion on the trail", () -> admin().get("/api/v1/mails/" + mail).asString().contains("by rest"));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        admin().get("/api/v1/accounts/nobody@nowhere.test/messages").then().statusCode(404);
        admin().get(messages() + "/" + MailIds.mint()).then().statusCode(404);
        admin().get(messages() + "/../x").then().statusCode(404);
        admin().queryParam("cursor", "AAAA").get(messages()).then().statusCode(400);
    }

    @Test
    void aSessionOpensReadsAndCloses() {
        UUID mail = deliver("hi\r\n");
        UUID session = MailIds.mint();
        Response opened = open(session, PASSWORD);
        opened.then().statusCode(200).header("Postbus-Account-Id", account.toString()).header("Postbus-Lease-Seconds", "60")
                .header("Postbus-Messages", "1").header("Postbus-Octets", Long.toString(deliveredOctets(mail)))
                .header("Content-Length", "24");
        ByteBuffer message = ByteBuffer.wrap(opened.asByteArray());
        assertEquals(mail, new UUID(message.getLong(), message.getLong()));
        assertEquals(deliveredOctets(mail), message.getLong());
        byte[] content = gateway().get(session(session) + "/messages/" + mail).then().statusCode(200)
                .header("Content-Length", Long.toString(deliveredOctets(mail))).extract().asByteArray();
        assertArrayEquals(octets(maildrops.mail(mail)), content);
        byte[] run = gateway().queryParam("from", mail).queryParam("count", 5).get(session(session) + "/messages").then()
                .statusCode(200).extract().asByteArray();
        assertArrayEquals(opened.asByteArray(), Arrays.copyOf(run, 24));
        assertArrayEquals(content, Arrays.copyOfRange(run, 24, run.length));
        gateway().get(session(session) + "/messages").then().statusCode(422);
        gateway().get(session(session) + "/messages/" + MailIds.mint()).then().statusCode(404);
        gateway().post(session(session) + "/renew").then().statusCode(204);
        gateway().delete(session(session)).then().statusCode(204);
        gateway().post(session(session) + "/renew").then().statusCode(410);
        gateway().get(session(session) + "/messages/" + mail).then().statusCode(410);
        gateway().queryParam("from", mail).queryParam("count", 5).get(session(session) + "/messages").then().statusCode(410);
    }

    @Test
    void aRememberedPasswordThatWasChangedOpensNothing() {
        for (int login = 0; login < 2; login++) {
            UUID session = MailIds.mint();
            open(session, PASSWORD).then().statusCode(200);
            gateway().delete(session(session)).then().statusCode(204);
        }
        admin().body(Map.of("password", "another of my horses")).patch("/api/v1/accounts/" + address).then().statusCode(200);
        open(MailIds.mint(), PASSWORD).then().statusCode(401);
        open(MailIds.mint(), "another of my horses").then().statusCode(200);
    }

    @Test
    void onlyWhoKnowsThePasswordLearnsOfTheLock() {
        open(MailIds.mint(), PASSWORD).then().statusCode(200);
        open(MailIds.mint(), PASSWORD).then().statusCode(423).body("type", equalTo(problem("in-use")));
        open(MailIds.mint(), "wrong").then().statusCode(401).body("type", equalTo(problem("wrong-credentials")));
        gateway().body(Map.of("name", address)).post("/internal/v1/maildrop-sessions").then().statusCode(422);
        admin().body(Map.of()).post("/internal/v1/maildrop-sessions").then().statusCode(401)
                .body("type", equalTo(problem("unauthorized")));
    }

    @Test
    void operatorsSeeSessionsAndBreakThem() {
        UUID session = MailIds.mint();
        open(session, PASSWORD).then().statusCode(200);
        admin().queryParam("limit", 1000).get("/api/v1/maildrop-sessions").then().statusCode(200)
                .body("items.find { it.sessionId == '" + session + "' }.account", equalTo(address));
        admin().delete("/api/v1/maildrop-sessions/" + session).then().statusCode(202).body("revoked", equalTo(true));
        gateway().post(session(session) + "/renew").then().statusCode(410);
        maildrops.execute("update maildrop_lock set expires_at = now() where session_id = ?", session);
        admin().delete("/api/v1/maildrop-sessions/" + session).then().statusCode(204);
        admin().delete("/api/v1/maildrop-sessions/" + session).then().statusCode(404);
        open(MailIds.mint(), PASSWORD).then().statusCode(200);
    }

    @Test
    void quitThenImmediateLogin() {
        UUID mail = deliver("hi\r\n");
        UUID session = MailIds.mint();
        open(session, PASSWORD).then().statusCode(200);
        send(FactCodec.MAILDROP_UPDATED.encode(new MaildropUpdated(account, Optional.of(session), List.of(mail), "pop3",
                Instant.now()), "pop3-gateway", log.partitions(Topics.MAILDROP_UPDATED)));
        open(MailIds.mint(), PASSWORD).then().statusCode(200).header("Postbus-Messages", "0");
    }

    @Test
    void aMailWhoseOctetsAreMissingBreaksOff() {
        UUID mail = deliver("\r\n" + "x".repeat(200_000) + "\r\n");
        maildrops.execute("delete from content_chunk where mail_id = ? and piece > 10", mail);
        HttpRequest request = HttpRequest.newBuilder(server.resolve(messages().replace("@", "%40") + "/" + mail + "/raw"))
                .header("Authorization", "Bearer " + Servers.ADMIN_TOKEN).timeout(Duration.ofSeconds(10)).build();
        assertThrows(IOException.class, () -> HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray()));
    }

    @Test
    void failuresArePublishedOnce() throws Exception {
        FailedRecipient unknown = new FailedRecipient("nobody@demo.test", "nobody@demo.test", "5.1.1", "550 5.1.1 unknown");
        UUID mailId = MailIds.mint();
        MailRecord<RoutedEnvelope> mail = TestMails.whole(TestMails.routed(mailId, List.of(account), List.of(unknown)), "hi\r\n");
        for (int i = 0; i < 3; i++) {
            route(mail);
        }
        UUID last = deliver("hi\r\n");
        assertEquals(List.of(mailId, last), maildrops.listing(account));
        Maildrops.await("the outbox is empty", () -> maildrops.number("select count(*) from outbox") == 0);
        List<ConsumerRecord<byte[], byte[]>> failures = published(mailId);
        assertEquals(1, failures.size());
        assertEquals(List.of(unknown), FactCodec.MAIL_FAILED.decode(failures.getFirst()).failures());
        Maildrops.await("both steps on the trail", () -> admin().get("/api/v1/mails/" + mailId).asString().matches(
                "(?s).*delivered.*failed.*|.*failed.*delivered.*"));
    }

    @Test
    void aMaildropGoesWithItsAccount() {
        UUID mail = deliver("hi\r\n");
        admin().delete("/api/v1/accounts/" + address).then().statusCode(204);
        assertEquals(0, maildrops.number("select count(*) from entry where mail_id = ?", mail));
        assertEquals(1, maildrops.number("select count(*) from sweep_due where mail_id = ?", mail));
    }

    @Test
    void metersCountWhatIsFiled() {
        deliver("hi\r\n");
        admin().get("/q/metrics").then().body(containsString("postbus_mailbox_mails_filed_total"))
                .body(containsString("postbus_mailbox_filing_latency_seconds_bucket"))
                .body(containsString("postbus_consumer_lag{group=\"mailbox.mail.routed\""))
                .body(not(containsString(PASSWORD)));
    }

    private UUID deliver(String data) {
        UUID mailId = MailIds.mint();
        route(TestMails.whole(new RoutedEnvelope(TestMails.accepted(mailId, List.of(address)),
                List.of(new LocalDelivery(account, address, address)), List.of()), data));
        Maildrops.await("the mail is filed", () -> maildrops.listing(account).contains(mailId));
        return mailId;
    }

    /** Mails of one partition are filed in order: all of these are in one. */
    private void route(MailRecord<RoutedEnvelope> mail) {
        send(MailCodec.ROUTED.encode(mail, "delivery-service", 0));
    }

    private void send(org.apache.kafka.clients.producer.ProducerRecord<byte[], byte[]> record) {
        EventProducer.awaitAll(List.of(log.producer().send(record)), EventProducer.ACKNOWLEDGED_WITHIN);
    }

    private long deliveredOctets(UUID mailId) {
        return maildrops.number("select octets from entry where mail_id = ?", mailId);
    }

    private Response open(UUID session, String password) {
        return gateway().body(Map.of("name", address, "password", password, "sessionId", session.toString(),
                "gateway", "pop3-1", "clientAddress", "192.0.2.9")).post("/internal/v1/maildrop-sessions");
    }

    private String messages() {
        return "/api/v1/accounts/" + address + "/messages";
    }

    private static String session(UUID session) {
        return "/internal/v1/maildrop-sessions/" + session;
    }

    private List<ConsumerRecord<byte[], byte[]>> published(UUID mailId) {
        Map<String, Object> config = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                log.settings().get("bootstrap.servers"), ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.MAIL_FAILED).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> found = new java.util.ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (new String(record.key(), java.nio.charset.StandardCharsets.US_ASCII).equals(mailId.toString())) {
                        found.add(record);
                    }
                });
            }
            return found;
        }
    }
}
