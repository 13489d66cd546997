package org.postbus.delivery.dkim;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.delivery.Servers;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class DkimKeyResourceTest {

    private static final String KEYS = "/api/v1/dkim-keys";
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final String domain = "d" + UUID.randomUUID().toString().substring(0, 8) + ".test";

    /** The schema is migrated behind the start. */
    @BeforeEach
    void awaitReadiness() {
        long end = System.nanoTime() + BOUND.toNanos();
        while (given().get("/q/health/ready").statusCode() != 200) {
            assertTrue(System.nanoTime() - end < 0, "not ready");
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    void isMadeActivatedAndDeleted() {
        ValidatableResponse made = create(Map.of("domain", domain.toUpperCase(), "algorithm", "rsa-sha256", "selector", "s1"))
                .statusCode(201).body("domain", equalTo(domain)).body("state", equalTo("pending"))
                .body("dns.name", equalTo("s1._domainkey." + domain)).body("dns.type", equalTo("TXT"))
                .body("dns.value", startsWith("v=DKIM1; k=rsa; p=")).body("activatedAt", nullValue());
        String id = made.extract().path("id");
        made.header("Location", endsWith(KEYS + "/" + id));
        admin().get(KEYS + "/" + id).then().statusCode(200).body("selector", equalTo("s1"));
        admin().post(KEYS + "/" + id + "/activate").then().statusCode(200).body("state", equalTo("active"));
        admin().delete(KEYS + "/" + id).then().statusCode(204);
        admin().get(KEYS + "/" + id).then().statusCode(404).body("type", equalTo("urn:postbus:problem:not-found"));
        admin().post(KEYS + "/" + id + "/activate").then().statusCode(404);
        admin().delete(KEYS + "/" + id).then().statusCode(404);
        admin().get(KEYS + "/nonsense").then().statusCode(404);
    }

    @Test
    void canBeActiveAtOnce() {
        create(Map.of("domain", domain, "algorithm", "ed25519-sha256", "active", true)).statusCode(201)
                .body("state", equalTo("active")).body("selector", startsWith("e"));
        Map<String, Object> nulls = new HashMap<>(Map.of("domain", domain, "algorithm", "ed25519-sha256"));
        nulls.put("selector", null);
        nulls.put("active", null);
        create(nulls).statusCode(201).body("state", equalTo("pending"));
    }

    @Test
    void showsNothingButWhatItNames() {
        Map<String, Object> shown = create(Map.of("domain", domain, "algorithm", "ed25519-sha256")).statusCode(201)
                .extract().body().jsonPath().getMap("$");
        assertEquals(Set.of("id", "domain", "selector", "algorithm", "state", "dns", "createdAt", "activatedAt", "retiredAt"),
                shown.keySet());
    }

    @Test
    void isListedInPages() {
        List.of("a", "b", "c").forEach(selector -> create(
                Map.of("domain", domain, "algorithm", "ed25519-sha256", "selector", selector)).statusCode(201));
        String next = admin().queryParam("domain", domain).queryParam("limit", 2).get(KEYS).then().statusCode(200)
                .body("items.selector", equalTo(List.of("a", "b"))).extract().path("next");
        admin().queryParam("domain", domain).queryParam("limit", 2).queryParam("cursor", next).get(KEYS).then().statusCode(200)
                .body("items.selector", equalTo(List.of("c"))).body("next", nullValue());
        admin().queryParam("cursor", "YQ").get(KEYS).then().statusCode(400).body("type", equalTo("urn:postbus:problem:bad-cursor"));
        admin().queryParam("domain", "none." + domain).get(KEYS).then().statusCode(200).body("items.size()", equalTo(0));
    }

    @Test
    void refusesWhatIsNoKey() {
        problem(422, "invalid", Map.of("domain", domain));
        problem(422, "invalid", Map.of("algorithm", "rsa-sha256"));
        problem(422, "invalid", Map.of("domain", "[192.0.2.1]", "algorithm", "rsa-sha256"));
        problem(422, "invalid", Map.of("domain", domain, "algorithm", "rsa-sha1"));
        problem(422, "invalid", Map.of("domain", domain, "algorithm", "rsa-sha256", "selector", "a;b"));
        problem(400, "bad-json", Map.of("domain", domain, "algorithm", "rsa-sha256", "privateKey", "MIIE"));
        create(Map.of("domain", domain, "algorithm", "ed25519-sha256", "selector", "s")).statusCode(201);
        problem(409, "already-exists", Map.of("domain", domain, "algorithm", "ed25519-sha256", "selector", "S"));
    }

    @Test
    void asksForTheToken() {
        given().get(KEYS).then().statusCode(401);
    }

    private static void problem(int status, String type, Map<String, Object> body) {
        create(body).statusCode(status).contentType("application/problem+json").body("type", equalTo("urn:postbus:problem:" + type));
    }

    private static ValidatableResponse create(Map<String, Object> body) {
        return admin().body(body).post(KEYS).then();
    }

    private static RequestSpecification admin() {
        return given().auth().oauth2(Servers.ADMIN_TOKEN).contentType(ContentType.JSON);
    }
}
