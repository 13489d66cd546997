package org.postbus.delivery;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import org.junit.jupiter.api.Test;

/** Alone the service has the same gate, problems and description as in company. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
class RestTest {

    @Test
    void asksForTheToken() {
        given().get("/api/v1/anything").then().statusCode(401).contentType("application/problem+json")
                .header("WWW-Authenticate", equalTo("Bearer")).body("type", equalTo("urn:postbus:problem:unauthorized"));
        given().auth().oauth2(Servers.ADMIN_TOKEN).get("/api/v1/anything").then().statusCode(404)
                .contentType("application/problem+json").body("type", equalTo("urn:postbus:problem:not-found"));
    }

    @Test
    void hasNoInternalTokenAndLetsNobodyIn() {
        given().auth().oauth2(Servers.ADMIN_TOKEN).get("/internal/v1/anything").then().statusCode(401);
    }

    @Test
    void boundsBodies() {
        given().auth().oauth2(Servers.ADMIN_TOKEN).contentType(ContentType.JSON).body(new byte[2 * 1024 * 1024])
                .post("/api/v1/accounts/a@b.test/import").then().statusCode(413).contentType("application/problem+json");
    }

    @Test
    void describesItself() {
        given().accept("application/json").get("/q/openapi?format=json").then().statusCode(200)
                .body("info.title", equalTo("Postbus")).body("components.securitySchemes.adminToken.scheme", equalTo("bearer"));
    }
}
