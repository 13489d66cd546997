package org.postbus.mailbox.credential;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.postbus.mailbox.Api.admin;
import static org.postbus.mailbox.Api.createAccount;
import static org.postbus.mailbox.Api.freshDomain;
import static org.postbus.mailbox.Api.gateway;
import static org.postbus.mailbox.Api.problem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postbus.mailbox.Maildrops;
import org.postbus.mailbox.Servers;
import org.postbus.mailbox.database.Database;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class CredentialResourceTest {

    @Inject
    Maildrops maildrops;

    @Inject
    Database database;

    @Test
    void knowsTheRightPasswordInAnySpellingOfTheName() {
        String address = "alice@" + freshDomain();
        String id = createAccount(address, "pässword").extract().path("id");
        verify(address, "pässword").statusCode(200).body("accountId", equalTo(id)).body("address", equalTo(address));
        verify(address.toUpperCase(), "pässword").statusCode(200).body("address", equalTo(address));
        verify(address, "p\u0061\u0308ssword").statusCode(200);
    }

    @Test
    void refusesWithoutSayingWhy() {
        String address = "alice@" + freshDomain();
        createAccount(address, "secret").statusCode(201);
        String wrong = refused(address, "Secret");
        for (String name : new String[] {"x" + address, "nonsense", "", "a@elsewhere.test", "\u0000"}) {
            assertEquals(wrong, refused(name, "secret"));
        }
        refused(address, "");
        refused(address, "secret\u0000");
        refused(address, "x".repeat(100_000));
    }

    @Test
    void forgetsAChangedPasswordAtOnce() {
        String address = "alice@" + freshDomain();
        createAccount(address, "first").statusCode(201);
        verify(address, "first").statusCode(200);
        verify(address, "first").statusCode(200);
        admin().body(Map.of("password", "second")).patch("/api/v1/accounts/" + address).then().statusCode(200);
        refused(address, "first");
        verify(address, "second").statusCode(200);
    }

    @Test
    void refusesADisabledAccountAtOnce() {
        String domain = freshDomain();
        createAccount("boss@" + domain, "secret").statusCode(201);
        String address = "alice@" + domain;
        createAccount(address, "secret").statusCode(201);
        verify(address, "secret").statusCode(200);
        admin().body(Map.of("enabled", false)).patch("/api/v1/accounts/" + address).then().statusCode(200);
        refused(address, "secret");
        admin().body(Map.of("enabled", true)).patch("/api/v1/accounts/" + address).then().statusCode(200);
        verify(address, "secret").statusCode(200);
    }

    @Test
    void refusesADeletedAccountAndItsSuccessorsOldPassword() {
        String domain = freshDomain();
        createAccount("boss@" + domain, "secret").statusCode(201);
        String address = "alice@" + domain;
        createAccount(address, "secret").statusCode(201);
        verify(address, "secret").statusCode(200);
        admin().delete("/api/v1/accounts/" + address).then().statusCode(204);
        refused(address, "secret");
        createAccount(address, "other").statusCode(201);
        refused(address, "secret");
    }

    @Test
    void needsNameAndPassword() {
        gateway().body("{}").post("/internal/v1/credentials").then().statusCode(422);
        gateway().body("{\"name\":\"a\"}").post("/internal/v1/credentials").then().statusCode(422);
        gateway().body("{\"name\":\"a\",\"password\":\"b\"}").post("/internal/v1/credentials").then().statusCode(422);
        gateway().body("{\"name\":\"a\",\"password\":\"b\",\"clientAddress\":\"192.0.2.1\",\"c\":1}").post("/internal/v1/credentials").then().statusCode(400);
    }

    @Test
    void afterManyFailuresNothingIsJudgedButWhoIsKnownGetsIn() {
        String address = "alice@" + freshDomain();
        createAccount(address, "secret").statusCode(201);
        verify(address, "secret").statusCode(200);
        for (int i = 0; i < 20; i++) {
            from("198.51.100." + i, address, "guess " + i).statusCode(401);
        }
        from("198.51.100.99", address, "guess").statusCode(429).body("type", equalTo(problem("too-many-failures")));
        from("198.51.100.99", address.toUpperCase(), "guess").statusCode(429);
        verify(address, "secret").statusCode(200);
    }

    @Test
    void aClientThatTriesManyNamesIsKeptOut() {
        String domain = freshDomain();
        String address = "alice@" + domain;
        createAccount(address, "secret").statusCode(201);
        for (int i = 0; i < 100; i++) {
            from("2001:db8:0:7::" + Integer.toHexString(i), "user" + i + "@" + domain, "secret").statusCode(401);
        }
        from("2001:db8:0:7:ffff::1", address, "secret").statusCode(429);
        from("2001:db8:0:8::1", address, "secret").statusCode(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {
        "{BLF-CRYPT}$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW U*U",
        "$6$rounds=5000$toolongsaltstrin$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0 'This is just a test'",
        "{ARGON2ID}$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4 password"})
    void aHashOfAnotherServerBecomesOursAtTheFirstLogin(String hash, String password) {
        String address = "alice@" + freshDomain();
        admin().body(Map.of("address", address, "passwordHash", hash)).post("/api/v1/accounts").then().statusCode(201)
                .body(not(containsString("$")));
        String brought = hash(address);
        assertEquals(hash.substring(hash.indexOf('$')), brought);
        refused(address, "x" + password);
        refused(address, "");
        assertEquals(brought, hash(address), "a wrong password changes nothing");
        verify(address, password).statusCode(200);
        String ours = hash(address);
        assertTrue(ours.startsWith("$argon2id$v=19$m=19456,t=2,p=1$"), ours);
        assertEquals(1, maildrops.number("select credential_version from account where address = ?", address));
        verify(address, password).statusCode(200);
        refused(address, "x" + password);
        assertEquals(ours, hash(address));
        admin().body(Map.of("password", "another")).patch("/api/v1/accounts/" + address).then().statusCode(200);
        refused(address, password);
        verify(address, "another").statusCode(200);
    }

    /** A login that read the old hash comes to make it ours after the password was changed. */
    @Test
    void aPasswordThatChangesMeanwhileIsNotLost() {
        String address = "alice@" + freshDomain();
        admin().body(Map.of("address", address, "passwordHash", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"))
                .post("/api/v1/accounts").then().statusCode(201);
        String brought = hash(address);
        admin().body(Map.of("password", "another")).patch("/api/v1/accounts/" + address).then().statusCode(200);
        String changed = hash(address);
        assertEquals(0, database.relaxedUpdate(CredentialJudge.IMPROVE, "$argon2id$…",
                UUID.fromString(maildrops.text("select id::text from account where address = ?", address)), brought));
        assertEquals(changed, hash(address));
    }

    private String hash(String address) {
        return maildrops.text("select password_hash from account where address = ?", address);
    }

    private static String refused(String name, String password) {
        return verify(name, password).statusCode(401).contentType("application/problem+json")
                .body("type", equalTo(problem("wrong-credentials"))).body(not(containsString("secret")))
                .extract().asString();
    }

    private static ValidatableResponse verify(String name, String password) {
        return from("192.0.2.1", name, password);
    }

    private static ValidatableResponse from(String client, String name, String password) {
        return gateway().body(Map.of("name", name, "password", password, "clientAddress", client))
                .post("/internal/v1/credentials").then();
    }
}
