package org.postbus.mailbox.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.postbus.mailbox.Api.admin;
import static org.postbus.mailbox.Api.problem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.mailbox.Servers;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class GateTest {

    private static final List<String> WRONG = List.of("", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi",
            Servers.ADMIN_TOKEN, "Bearer " + Servers.INTERNAL_TOKEN, "Bearer " + Servers.ADMIN_TOKEN + "x");

    @Test
    void asksForTheTokenOnEveryDescribedOperation() {
        JsonPath api = given().accept("application/json").get("/q/openapi?format=json").then().statusCode(200).extract().jsonPath();
        Map<String, Map<String, Object>> paths = api.getMap("paths");
        assertTrue(paths.size() >= 7, paths.keySet()::toString);
        paths.forEach((path, item) -> {
            assertTrue(path.startsWith("/api/v1/"), path + " is described but not guarded");
            for (String verb : item.keySet()) {
                for (String header : WRONG) {
                    given().header("Authorization", header).contentType(ContentType.JSON).body("{}")
                            .request(verb.toUpperCase(), path.replaceAll("\\{[^}]*}", "x")).then()
                            .statusCode(401).contentType("application/problem+json")
                            .header("WWW-Authenticate", equalTo("Bearer")).body("type", equalTo(problem("unauthorized")));
                }
            }
        });
    }

    @Test
    @SuppressWarnings("unchecked")
    void describesSummaryAndErrorsOfEveryOperation() {
        JsonPath api = given().get("/q/openapi?format=json").then().extract().jsonPath();
        Map<String, Map<String, Object>> paths = api.getMap("paths");
        paths.forEach((path, item) -> item.forEach((verb, operation) -> {
            Map<String, Object> described = (Map<String, Object>) operation;
            Map<String, Object> responses = (Map<String, Object>) described.get("responses");
            assertTrue(described.containsKey("summary"), verb + " " + path + " has no summary");
            assertTrue(described.containsKey("security"), verb + " " + path + " names no token");
            assertTrue(responses.keySet().containsAll(List.of("401", "500", "503")), verb + " " + path + " " + responses.keySet());
        }));
    }

    @Test
    void describesWhatAChangeAnswersWithoutKafka() {
        JsonPath api = given().get("/q/openapi?format=json").then().extract().jsonPath();
        for (String path : List.of("'/api/v1/domains'.post", "'/api/v1/accounts/{address}'.delete", "'/api/v1/aliases/{address}'.patch")) {
            assertTrue(api.getMap("paths." + path + ".responses").containsKey("202"), path);
        }
    }

    @Test
    void asksForTheInternalTokenOnTheInternalApi() {
        given().contentType(ContentType.JSON).body("{}").post("/internal/v1/credentials").then().statusCode(401);
        admin().body("{}").post("/internal/v1/credentials").then().statusCode(401);
        given().get("/internal/v1/whatever").then().statusCode(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/domains", "//api/v1/domains", "/api//v1/domains", "/api;x=y/v1/domains", "/%61pi/v1/domains",
        "/x/../api/v1/domains", "/api/v1/domains/", "/api/v1;a/domains", "/./api/v1/domains", "/API/v1/domains", "/api/v1/nothing"})
    void letsNoSpellingOfAPathIn(String path) {
        int status = given().urlEncodingEnabled(false).get(path).then().body(not(is("{\"items\":"))).extract().statusCode();
        assertTrue(status == 401 || status == 404, path + " answered " + status);
        assertFalse(status == 200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://localhost", "http://localhost:1", "file://"})
    void refusesPagesOfOtherOrigins(String origin) {
        admin().header("Origin", origin).body(Map.of("name", "evil.test")).post("/api/v1/domains").then()
                .statusCode(403).body("type", equalTo(problem("cross-origin")));
        assertEquals(404, admin().get("/api/v1/domains/evil.test").statusCode());
    }

    @Test
    void servesItsOwnPages() {
        String own = "http://localhost:" + io.restassured.RestAssured.port;
        admin().header("Origin", own).get("/api/v1/domains").then().statusCode(200);
    }
}
