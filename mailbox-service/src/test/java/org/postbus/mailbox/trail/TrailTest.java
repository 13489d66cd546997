package org.postbus.mailbox.trail;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postbus.consumer.EventProducer;
import org.postbus.events.FactCodec;
import org.postbus.events.MailIds;
import org.postbus.events.Topics;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailEvent.Recipient;
import org.postbus.events.TrailStep;
import org.postbus.mailbox.Maildrops;
import org.postbus.mailbox.Servers;
import org.postbus.mailbox.TestMails;
import org.postbus.mailbox.eventlog.EventLog;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class TrailTest {

    @Inject
    Maildrops maildrops;

    @Inject
    EventLog log;

    @TestHTTPResource
    URI server;

    @Test
    void aMailIsFoundByItsPathsItsStatusAndItsTime() {
        String sender = MailIds.mint() + "@Sender.test";
        UUID first = MailIds.mint();
        UUID second = MailIds.mint();
        tell(event(first, TrailStep.ACCEPTED, sender, recipient("Alias@demo.test", "Alias@demo.test", "2.1.5")),
                event(first, TrailStep.ROUTED, sender, recipient("Alias@demo.test", "bob@demo.test", "2.1.5")),
                event(first, TrailStep.DELIVERED, sender, recipient("Alias@demo.test", "bob@demo.test", "2.0.0")),
                event(second, TrailStep.ACCEPTED, sender, recipient("carl@demo.test", "carl@demo.test", "2.1.5")),
                event(second, TrailStep.FAILED, sender, recipient("carl@demo.test", "carl@demo.test", "5.2.2")));
        var query = sender.toUpperCase();
        find().queryParam("reversePath", query).get("/api/v1/mails").then().statusCode(200)
                .body("items.mailId", containsInAnyOrder(first.toString(), second.toString()))
                .body("items.find { it.mailId == '" + first + "' }.recipients[0].step", equalTo("delivered"))
                .body("items.find { it.mailId == '" + first + "' }.recipients[0].finalRecipient", equalTo("bob@demo.test"));
        for (String recipient : List.of("ALIAS@demo.test", "bob@DEMO.test")) {
            find().queryParam("recipient", recipient).queryParam("reversePath", query).get("/api/v1/mails").then()
                    .body("items.mailId", contains(first.toString()));
        }
        for (String status : List.of("failed", "5.2.2")) {
            find().queryParam("status", status).queryParam("reversePath", query).get("/api/v1/mails").then()
                    .body("items.mailId", contains(second.toString()));
        }
        find().queryParam("until", "2020-01-01T00:00:00Z").queryParam("reversePath", query).get("/api/v1/mails").then()
                .body("items", empty());
        find().queryParam("since", Instant.now().minusSeconds(60).toString()).queryParam("reversePath", query)
                .get("/api/v1/mails").then().body("items", hasSize(2));
    }

    @Test
    void pagesGoOnWhereTheLastOneEnded() {
        String sender = MailIds.mint() + "@sender.test";
        List<UUID> mails = List.of(MailIds.mint(), MailIds.mint(), MailIds.mint());
        mails.forEach(mail -> tell(event(mail, TrailStep.ACCEPTED, sender, recipient("a@demo.test", "a@demo.test", "2.1.5"))));
        List<String> newestFirst = mails.stream().map(UUID::toString).sorted(java.util.Comparator.reverseOrder()).toList();
        String next = find().queryParam("reversePath", sender).queryParam("limit", 2).get("/api/v1/mails").then()
                .body("items.mailId", equalTo(newestFirst.subList(0, 2))).extract().path("next");
        find().queryParam("reversePath", sender).queryParam("limit", 2).queryParam("cursor", next).get("/api/v1/mails").then()
                .body("items.mailId", equalTo(newestFirst.subList(2, 3))).body("next", equalTo(null));
    }

    @Test
    void theLastWordIsTheMostFinalInWhateverOrderItIsTold() {
        String sender = MailIds.mint() + "@sender.test";
        UUID mail = MailIds.mint();
        tell(event(mail, TrailStep.DELIVERED, sender, recipient("a@demo.test", "a@demo.test", "2.0.0")));
        tell(event(mail, TrailStep.ACCEPTED, sender, recipient("a@demo.test", "a@demo.test", "2.1.5")));
        find().queryParam("reversePath", sender).get("/api/v1/mails").then()
                .body("items[0].recipients[0].step", equalTo("delivered"));
    }

    @Test
    void aMailsTrailHasThePop3SessionsThatTouchedIt() {
        UUID mail = MailIds.mint();
        UUID other = MailIds.mint();
        UUID session = MailIds.mint();
        TrailEvent accepted = event(mail, TrailStep.ACCEPTED, "a@sender.test", recipient("a@demo.test", "a@demo.test", "2.1.5"));
        TrailEvent retrieved = new TrailEvent(MailIds.mint(), Instant.now(), "pop3-gateway", TrailStep.RETRIEVED,
                Optional.empty(), Optional.of(session), "192.0.2.9", Optional.empty(), List.of(), List.of(mail, other),
                Optional.of(MailIds.mint()), 0, "");
        tell(accepted, accepted, retrieved);
        find().get("/api/v1/mails/" + mail).then().statusCode(200)
                .body("events.step", contains("accepted", "retrieved"))
                .body("events[1].sessionId", equalTo(session.toString()))
                .body("events[0].recipients[0].originalRecipient", equalTo("a@demo.test"));
        find().get("/api/v1/mails/" + other).then().body("events.step", contains("retrieved"));
    }

    @Test
    void textThatNoColumnTakesIsCleaned() {
        UUID mail = MailIds.mint();
        tell(event(mail, TrailStep.REFUSED, "a\0b@sender.test", recipient("x\0@demo.test", null, "5.1.1\r\n")));
        find().get("/api/v1/mails/" + mail).then().statusCode(200)
                .body("events[0].recipients[0].originalRecipient", equalTo("x @demo.test"));
    }

    @Test
    void nonsenseIsAProblem() {
        find().queryParam("status", "lost").get("/api/v1/mails").then().statusCode(400);
        find().queryParam("since", "yesterday").get("/api/v1/mails").then().statusCode(400);
        find().queryParam("cursor", "AAAA").get("/api/v1/mails").then().statusCode(400);
        find().get("/api/v1/mails/nonsense").then().statusCode(404);
        find().get("/api/v1/mails/" + MailIds.mint()).then().statusCode(404);
        given().get("/api/v1/mails").then().statusCode(401);
        given().get("/api/v1/mails/stream").then().statusCode(401);
    }

    @Test
    void theStreamShowsWhatHappensNow() throws Exception {
        HttpResponse<java.io.InputStream> stream = HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(server.resolve("/api/v1/mails/stream"))
                        .header("Authorization", "Bearer " + Servers.ADMIN_TOKEN).build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, stream.statusCode());
        UUID mail = MailIds.mint();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            CompletableFuture<Boolean> seen = CompletableFuture.supplyAsync(
                    () -> lines.lines().anyMatch(line -> line.startsWith("data:") && line.contains(mail.toString())));
            Maildrops.await("the mail on the stream", () -> {
                publish(event(mail, TrailStep.ACCEPTED, "a@sender.test", recipient("a@demo.test", "a@demo.test", "2.1.5")));
                return seen.isDone();
            });
            assertTrue(seen.get(1, TimeUnit.SECONDS));
        }
    }

    private void tell(TrailEvent... events) {
        TrailRecorder recorder = new TrailRecorder();
        maildrops.apply(recorder, List.of(events).stream()
                .map(event -> TestMails.consumed(FactCodec.MAIL_TRAIL.encode(event, "test", 1), Instant.now())).toList());
    }

    private void publish(TrailEvent event) {
        EventProducer.awaitAll(List.of(log.producer().send(FactCodec.MAIL_TRAIL.encode(event, "test",
                log.partitions(Topics.MAIL_TRAIL)))), EventProducer.ACKNOWLEDGED_WITHIN);
    }

    private static TrailEvent event(UUID mail, TrailStep step, String reversePath, Recipient recipient) {
        return new TrailEvent(MailIds.mint(), Instant.now(), "test", step, Optional.of(mail), Optional.empty(), "192.0.2.7",
                Optional.of(reversePath), List.of(recipient), List.of(), Optional.empty(), 100, "");
    }

    private static Recipient recipient(String original, String last, String status) {
        return new Recipient(original, last, status, "");
    }

    private static RequestSpecification find() {
        return given().auth().oauth2(Servers.ADMIN_TOKEN);
    }
}
