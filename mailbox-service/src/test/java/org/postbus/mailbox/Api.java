package org.postbus.mailbox;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The REST admin API as an administrator calls it. */
public final class Api {

    private static final AtomicInteger DOMAINS = new AtomicInteger();

    private Api() {
    }

    public static RequestSpecification admin() {
        return given().urlEncodingEnabled(true).auth().oauth2(Servers.ADMIN_TOKEN).contentType(ContentType.JSON);
    }

    public static RequestSpecification gateway() {
        return given().auth().oauth2(Servers.INTERNAL_TOKEN).contentType(ContentType.JSON);
    }

    /** A domain that no other test has. */
    public static String freshDomain() {
        String name = "d" + DOMAINS.incrementAndGet() + ".test";
        admin().body(Map.of("name", name)).post("/api/v1/domains").then().statusCode(201);
        return name;
    }

    public static ValidatableResponse createAccount(String address, String password) {
        return admin().body(Map.of("address", address, "password", password)).post("/api/v1/accounts").then();
    }

    public static ValidatableResponse createAlias(String address, String... targets) {
        return admin().body(Map.of("address", address, "targets", targets)).post("/api/v1/aliases").then();
    }

    public static String problem(String name) {
        return "urn:postbus:problem:" + name;
    }
}
