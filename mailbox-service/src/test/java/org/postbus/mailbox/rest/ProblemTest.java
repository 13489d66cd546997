package org.postbus.mailbox.rest;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.postbus.mailbox.Api.admin;
import static org.postbus.mailbox.Api.problem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.mailbox.Servers;
import org.postbus.rest.ProblemType;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class ProblemTest {

    @ParameterizedTest
    @ValueSource(strings = {"{", "", "null", "[]", "\"x\"", "{\"name\":}", "{\"name\":\"a.test\"} x", "{\"name\":\"a.test\",\"name\":\"b.test\"}",
        "{\"name\":1}", "{\"name\":true}", "{\"name\":[]}", "{\"name\":{}}", "{\"name\":\"a.test\",\"colour\":\"red\"}", "\u0000",
        "{\"name\":\"a.test\",\"postmaster\":{}}"})
    void badJson(String body) {
        isProblem(admin().body(body).post("/api/v1/domains").then(), 400, "bad-json");
    }

    @Test
    void badJsonOfAPatch() {
        isProblem(admin().body("{\"enabled\":\"yes\"}").patch("/api/v1/accounts/a@b.test").then(), 400, "bad-json");
        isProblem(admin().body("{\"quotaBytes\":1.5}").patch("/api/v1/accounts/a@b.test").then(), 400, "bad-json");
        isProblem(admin().body("{\"id\":1}").patch("/api/v1/accounts/a@b.test").then(), 400, "bad-json");
    }

    @Test
    void namesTheUnknownField() {
        admin().body("{\"name\":\"a.test\",\"colour\":\"red\"}").post("/api/v1/domains").then()
                .body("detail", containsString("colour")).body(not(containsString("org.postbus")));
    }

    @Test
    void deepJsonCostsNothing() {
        for (String body : List.of("[".repeat(100_000), "{\"name\":" + "{\"x\":".repeat(100_000))) {
            isProblem(admin().body(body.getBytes(StandardCharsets.UTF_8)).post("/api/v1/domains").then(), 400, "bad-json");
        }
    }

    @Test
    void unknownRoute() {
        isProblem(admin().get("/api/v1/nothing").then(), 404, "not-found");
        isProblem(admin().get("/api/v1").then(), 404, "not-found");
    }

    @Test
    void wrongMethod() {
        isProblem(admin().put("/api/v1/domains").then(), 405, "method-not-allowed");
        isProblem(admin().delete("/api/v1/domains").then(), 405, "method-not-allowed");
    }

    @Test
    void wrongMediaType() {
        isProblem(admin().contentType("text/plain").body("x").post("/api/v1/domains").then(), 415, "unsupported-media-type");
        isProblem(admin().contentType("application/x-www-form-urlencoded").body("name=a").post("/api/v1/domains").then(), 415,
                "unsupported-media-type");
    }

    @Test
    void notAcceptable() {
        isProblem(admin().accept("image/png").get("/api/v1/domains").then(), 406, "not-acceptable");
    }

    @Test
    void largeBody() {
        for (int mebibytes : new int[] {2, 12}) {
            byte[] body = new byte[mebibytes * 1024 * 1024];
            isProblem(admin().body(body).post("/api/v1/domains").then(), 413, "body-too-large");
        }
    }

    @Test
    void largeBodyWithoutALength() {
        byte[] body = new byte[3 * 1024 * 1024];
        Arrays.fill(body, (byte) ' ');
        isProblem(admin().body(new ByteArrayInputStream(body)).post("/api/v1/domains").then(), 413, "body-too-large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=-1", "limit=x", "limit=99999999999"})
    void badLimit(String query) {
        isProblem(admin().get("/api/v1/domains?" + query).then(), 400, "bad-parameter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "AAAA", "_w", "aGVsbG8==="})
    void badCursor(String cursor) {
        isProblem(admin().queryParam("cursor", cursor).get("/api/v1/accounts").then(), 400, "bad-cursor");
    }

    @Test
    void typesAreStableAndEachOnce() {
        Set<String> uris = new HashSet<>();
        for (ProblemType type : ProblemType.values()) {
            assertTrue(uris.add(type.uri()) && type.uri().matches("urn:postbus:problem:[a-z-]+"));
        }
        assertEquals("urn:postbus:problem:domain-not-empty", ProblemType.DOMAIN_NOT_EMPTY.uri());
    }

    private static void isProblem(ValidatableResponse answer, int status, String type) {
        answer.statusCode(status).contentType("application/problem+json").body("type", equalTo(problem(type)))
                .body("status", equalTo(status)).body("title", notNullValue()).body("detail", notNullValue())
                .body(not(containsString("Exception"))).body(not(containsString("at org.")));
    }
}
