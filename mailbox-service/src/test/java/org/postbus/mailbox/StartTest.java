package org.postbus.mailbox;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class StartTest {

    @Test
    void isReadyOnPostgresAndKafka() {
        given().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void describesItself() {
        given().get("/q/openapi").then().statusCode(200);
        given().get("/q/swagger-ui/").then().statusCode(200);
    }

    @Test
    void anUnknownRouteIsAProblemOnlyForThoseWithAToken() {
        given().get("/api/v1/nothing").then().statusCode(401).contentType("application/problem+json");
        given().auth().oauth2(Servers.ADMIN_TOKEN).get("/api/v1/nothing").then().statusCode(404)
                .contentType("application/problem+json").body("type", equalTo("urn:postbus:problem:not-found"));
    }
}
