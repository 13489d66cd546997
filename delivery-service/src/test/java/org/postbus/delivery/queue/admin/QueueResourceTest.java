package org.postbus.delivery.queue.admin;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.delivery.Servers;
import org.postbus.delivery.queue.Enqueuing;
import org.postbus.delivery.queue.QueueDatabase;

/** The queue by HTTP. Its mails are due tomorrow, so that the service itself leaves them alone. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
class QueueResourceTest {

    private static final String QUEUE = "/api/v1/queue";
    private static final Instant TOMORROW = Instant.now().plus(Duration.ofDays(1));

    @Inject
    @DataSource("delivery")
    AgroalDataSource dataSource;

    @Inject
    QueueGauges gauges;

    private final String domain = "d" + UUID.randomUUID().toString().substring(0, 8) + ".example";

    @BeforeEach
    void awaitTheSchema() {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (given().get("/q/health/ready").statusCode() != 200) {
            assertTrue(System.nanoTime() - end < 0, "the service does not become ready");
        }
    }

    @Test
    void asks_for_the_token_on_every_operation() {
        JsonPath api = given().get("/q/openapi?format=json").then().extract().jsonPath();
        Map<String, Map<String, Object>> paths = api.getMap("paths");
        List<String> operations = new ArrayList<>();
        paths.forEach((path, item) -> item.keySet().forEach(verb -> {
            operations.add(verb + " " + path);
            given().contentType(ContentType.JSON).body("{}").request(verb.toUpperCase(), path.replaceAll("[{][a-zA-Z]+[}]",
                    UUID.randomUUID().toString())).then().statusCode(401).contentType("application/problem+json");
        }));
        assertEquals(11, operations.stream().filter(operation -> operation.contains(" " + QUEUE)).count(), operations::toString);
    }

    @Test
    void lists_and_shows_a_mail() throws Exception {
        UUID mailId = enqueue("ann@demo.test", "a@" + domain, "b@" + domain);
        admin().get(QUEUE + "?destination=" + domain + "&recipient=A@" + domain).then().statusCode(200)
                .body("items", hasSize(1)).body("next", nullValue())
                .body("items[0].mailId", equalTo(mailId.toString())).body("items[0].state", equalTo("waiting"))
                .body("items[0].finalRecipient", equalTo("a@" + domain)).body("items[0].status", nullValue())
                .body("items[0].attempts", equalTo(0)).body("items[0].octets", equalTo(19))
                .body("items[0].nextAttemptAt", notNullValue()).body("items[0].n", nullValue());
        admin().get(QUEUE + "/" + mailId).then().statusCode(200).body("reversePath", equalTo("ann@demo.test"))
                .body("recipients.finalRecipient", equalTo(List.of("a@" + domain, "b@" + domain))).body("next", nullValue());
    }

    @Test
    void pages_through_thousands() throws Exception {
        enqueue(IntStream.range(0, 250).mapToObj(i -> QueueDatabase.mail("ann@demo.test", TOMORROW,
                IntStream.range(0, 10).mapToObj(n -> "r" + n + "@" + domain).toArray(String[]::new))).toList());
        List<String> seen = new ArrayList<>();
        String next = "";
        do {
            JsonPath page = admin().get(QUEUE + "?limit=1000&destination=" + domain + (next.isEmpty() ? "" : "&cursor=" + next))
                    .then().statusCode(200).extract().jsonPath();
            page.getList("items", Map.class).forEach(item -> seen.add(item.get("mailId") + " " + item.get("finalRecipient")));
            next = page.getString("next");
        } while (next != null);
        assertEquals(2500, seen.size());
        assertEquals(2500, new HashSet<>(seen).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mailId=1", "status=bad", "state=Held", "queuedBefore=now", "limit=0", "limit=1001"})
    void refuses_nonsense_in_parameters(String parameter) {
        admin().get(QUEUE + "?" + parameter).then().statusCode(400).body("type", equalTo("urn:postbus:problem:bad-parameter"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"YWJj", "MS8x", "%%"})
    void refuses_cursors_of_others(String cursor) {
        admin().queryParam("cursor", cursor).get(QUEUE).then().statusCode(400).body("type", equalTo("urn:postbus:problem:bad-cursor"));
    }

    @Test
    void knows_no_mail_that_is_not_queued() {
        for (String path : List.of("/" + UUID.randomUUID(), "/nothing")) {
            admin().get(QUEUE + path).then().statusCode(404);
            admin().post(QUEUE + path + "/cancel").then().statusCode(404);
        }
    }

    @Test
    void holds_and_cancels_one_recipient() throws Exception {
        UUID mailId = enqueue("ann@demo.test", "a@" + domain, "b@" + domain);
        admin().post(QUEUE + "/" + mailId + "/hold").then().statusCode(200).body("changed", equalTo(2))
                .body("attempting", equalTo(0)).body("next", nullValue());
        admin().get(QUEUE + "/" + mailId).then().body("recipients.state", everyItem(equalTo("held")))
                .body("recipients.nextAttemptAt", everyItem(nullValue()));
        admin().post(QUEUE + "/" + mailId + "/retry").then().statusCode(200).body("changed", equalTo(0));
        admin().body(Map.of("recipient", "a@" + domain, "notify", false)).post(QUEUE + "/" + mailId + "/cancel").then()
                .statusCode(200).body("changed", equalTo(1));
        admin().get(QUEUE + "/" + mailId).then().body("recipients", hasSize(1));
        admin().body(Map.of("recipient", "a@" + domain)).post(QUEUE + "/" + mailId + "/cancel").then().statusCode(404);
    }

    @Test
    void acts_in_bulk_on_what_the_filter_fits() throws Exception {
        enqueue("ann@demo.test", "a@" + domain, "b@" + domain, "c@other-" + domain);
        for (String action : List.of("hold", "cancel")) {
            admin().body(Map.of("filter", Map.of("destination", domain))).post(QUEUE + "/" + action).then()
                    .statusCode(200).body("changed", equalTo(2));
        }
        admin().get(QUEUE + "?destination=" + domain).then().body("items", hasSize(0));
        admin().get(QUEUE + "?destination=other-" + domain).then().body("items", hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"filter\": {}}", "{\"filter\": {\"all\": false}}", "{\"filter\": {\"all\": true, \"status\": \"4.7.1\"}}",
        "{\"filter\": {\"status\": \"bad\"}}", "{}"})
    void an_empty_filter_has_to_say_that_all_is_meant(String body) {
        for (String action : List.of("retry", "hold", "release", "cancel")) {
            admin().body(body).post(QUEUE + "/" + action).then().statusCode(422);
        }
    }

    @Test
    void takes_no_unknown_fields_and_no_body_for_none() {
        admin().body("{\"filter\": {\"domain\": \"x.example\"}}").post(QUEUE + "/cancel").then().statusCode(400);
        admin().body("{\"filter\": {\"destination\": \"x.example\"}, \"notify\": true}").post(QUEUE + "/hold").then().statusCode(400);
        admin().post(QUEUE + "/cancel").then().statusCode(400);
    }

    @Test
    void groups_by_destination_and_reason() throws Exception {
        enqueue("ann@demo.test", "a@" + domain, "b@" + domain);
        admin().get(QUEUE + "/groups?by=destination").then().statusCode(200)
                .body("groups.destination", hasItem(domain)).body("totals.recipients", greaterThanOrEqualTo(2));
        admin().get(QUEUE + "/groups").then().statusCode(200).body("groups[0].destination", nullValue());
        admin().get(QUEUE + "/groups?by=moon").then().statusCode(400);
    }

    @Test
    void is_measured() throws Exception {
        enqueue("ann@demo.test", "a@" + domain);
        gauges.count();
        String metrics = given().get("/q/metrics").then().statusCode(200).body(containsString("postbus_delivery_queue_due"))
                .body(containsString("postbus_delivery_queue_due_age_seconds")).extract().asString();
        String waiting = metrics.lines().filter(line -> line.startsWith("postbus_delivery_queue{state=\"waiting\""))
                .findFirst().orElseThrow();
        assertTrue(Double.parseDouble(waiting.substring(waiting.lastIndexOf(' '))) >= 1, waiting);
    }

    private UUID enqueue(String reversePath, String... recipients) throws SQLException {
        Enqueuing.Arrived mail = QueueDatabase.mail(reversePath, TOMORROW, recipients);
        enqueue(List.of(mail));
        return mail.mail().mailId();
    }

    private void enqueue(List<Enqueuing.Arrived> mails) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            QueueDatabase.enqueue(connection, mails);
        }
    }

    private static RequestSpecification admin() {
        return given().auth().oauth2(Servers.ADMIN_TOKEN).contentType(ContentType.JSON);
    }
}
