package org.postbus.mailbox.account;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.postbus.mailbox.Api.admin;
import static org.postbus.mailbox.Api.createAccount;
import static org.postbus.mailbox.Api.createAlias;
import static org.postbus.mailbox.Api.freshDomain;
import static org.postbus.mailbox.Api.problem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.mailbox.Servers;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class AccountResourceTest {

    @Test
    void isCreatedChangedAndDeleted() {
        String domain = freshDomain();
        createAccount("root@" + domain, "secret").statusCode(201);
        admin().body(Map.of("address", "Alice@" + domain, "password", "canary-password", "quotaBytes", 1000))
                .post("/api/v1/accounts").then().statusCode(201)
                .header("Location", endsWith("/api/v1/accounts/alice@" + domain))
                .body("address", equalTo("alice@" + domain)).body("id", notNullValue()).body("enabled", equalTo(true))
                .body("quotaBytes", equalTo(1000)).body("usedBytes", equalTo(0)).body("messages", equalTo(0))
                .body("createdAt", endsWith("Z")).body(not(containsString("canary")));
        String alice = "/api/v1/accounts/ALICE@" + domain;
        admin().body("{\"quotaBytes\":null,\"enabled\":false}").patch(alice).then().statusCode(200)
                .body("quotaBytes", nullValue()).body("enabled", equalTo(false));
        admin().body("{\"quotaBytes\":7}").patch(alice).then().statusCode(200)
                .body("quotaBytes", equalTo(7)).body("enabled", equalTo(false));
        admin().contentType("application/merge-patch+json").body("{\"password\":\"another\"}").patch(alice).then()
                .statusCode(200).body("quotaBytes", equalTo(7)).body(not(containsString("another")));
        admin().delete(alice).then().statusCode(204);
        admin().get(alice).then().statusCode(404);
        admin().body("{\"enabled\":true}").patch(alice).then().statusCode(404);
        admin().delete(alice).then().statusCode(404);
    }

    @Test
    void takesEveryLocalPartOfTheGrammar() {
        String domain = freshDomain();
        for (String local : List.of("a/b", "a+b", "\"a b\"", "\"a@b\"", "o'hara", "a%b", "{x}|y", "#?&=~")) {
            String address = local + "@" + domain;
            String location = createAccount(address, "secret").statusCode(201).body("address", equalTo(address))
                    .extract().header("Location");
            admin().urlEncodingEnabled(false).get(location).then().statusCode(200).body("address", equalTo(address));
        }
        createAccount("\"dotted.name\"@" + domain, "secret").statusCode(201).body("address", equalTo("dotted.name@" + domain));
        createAccount("dotted.name@" + domain, "secret").statusCode(409);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "@", "a", "a@", "a@@b.test", "<a@b.test>", "a b@b.test", "a.@b.test", "a\u0085@b.test", "a\ud83d@b.test", "a@[192.0.2.1]",
        "a\r\nRCPT TO:<x>@b.test", "a\u202e@b.test", "a\u0000@b.test",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.test"})
    void refusesWhatIsNoAddress(String address) {
        createAccount(address, "secret").statusCode(422).body("type", equalTo(problem("invalid")));
        admin().pathParam("address", address.isEmpty() ? "x" : address).get("/api/v1/accounts/{address}").then().statusCode(404);
    }

    @Test
    void needsALocalDomain() {
        createAccount("a@elsewhere.test", "secret").statusCode(422).body("type", equalTo(problem("unknown-domain")));
    }

    @Test
    void hasAnAddressThatNothingElseHas() {
        String domain = freshDomain();
        createAccount("a@" + domain, "secret").statusCode(201);
        createAccount("A@" + domain, "secret").statusCode(409).body("type", equalTo(problem("already-exists")));
        createAlias("a@" + domain, "b@" + domain).statusCode(409).body("type", equalTo(problem("already-exists")));
        createAlias("c@" + domain, "a@" + domain).statusCode(201);
        createAccount("c@" + domain, "secret").statusCode(409).body("type", equalTo(problem("already-exists")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\u0000b", "line\nfeed", "\u007f", "\u0085"})
    void refusesAPasswordThatCannotBeTyped(String password) {
        createAccount("a@" + freshDomain(), password).statusCode(422).body("type", equalTo(problem("invalid")));
    }

    @Test
    void limitsTheLengthOfAPassword() {
        String domain = freshDomain();
        createAccount("a@" + domain, "x".repeat(1025)).statusCode(422).body(not(containsString("xxx")));
        createAccount("a@" + domain, "x".repeat(1024)).statusCode(201);
        admin().body(Map.of("password", "")).patch("/api/v1/accounts/a@" + domain).then().statusCode(422);
        admin().body("{\"password\":null}").patch("/api/v1/accounts/a@" + domain).then().statusCode(422);
    }

    @Test
    void needsAddressAndPasswordAndAQuotaThatIsNotNegative() {
        String domain = freshDomain();
        admin().body(Map.of("address", "a@" + domain)).post("/api/v1/accounts").then().statusCode(422);
        admin().body(Map.of("password", "secret")).post("/api/v1/accounts").then().statusCode(422);
        admin().body(Map.of("address", "a@" + domain, "password", "secret", "quotaBytes", -1)).post("/api/v1/accounts").then()
                .statusCode(422);
        createAccount("a@" + domain, "secret").statusCode(201);
        admin().body("{\"quotaBytes\":-1}").patch("/api/v1/accounts/a@" + domain).then().statusCode(422);
    }

    @Test
    void takesAPasswordOrItsHashAndNotBoth() {
        String domain = freshDomain();
        String hash = "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
        for (Map<String, String> body : List.of(Map.of("address", "a@" + domain, "password", "secret", "passwordHash", hash),
                Map.of("address", "a@" + domain), Map.of("address", "a@" + domain, "passwordHash", "{PLAIN}canary"),
                Map.of("address", "a@" + domain, "passwordHash", hash.replace("$05$", "$15$")),
                Map.of("address", "a@" + domain, "passwordHash", ""))) {
            admin().body(body).post("/api/v1/accounts").then().statusCode(422).body("type", equalTo(problem("invalid")))
                    .body(not(containsString("canary"))).body(not(containsString("CCCC")));
        }
        admin().body(Map.of("passwordHash", hash)).patch("/api/v1/accounts/a@" + domain).then().statusCode(400);
        admin().body(Map.of("address", "a@" + domain, "passwordHash", hash)).post("/api/v1/accounts").then().statusCode(201);
        assertEquals(false, new NewAccount("a@b", "canary", hash, java.util.Optional.empty()).toString().matches(".*(canary|CCCC).*"));
    }

    @Test
    void isCreatedOnceHoweverManyAskAtATime() throws Exception {
        String address = "race@" + freshDomain();
        List<Callable<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            boolean alias = i % 2 == 0;
            calls.add(() -> (alias ? createAlias(address, "x" + address) : createAccount(address, "secret"))
                    .extract().statusCode());
        }
        List<Integer> statuses = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (Future<Integer> call : threads.invokeAll(calls)) {
                statuses.add(call.get());
            }
        }
        assertEquals(1, statuses.stream().filter(status -> status == 201).count(), statuses::toString);
        assertEquals(7, statuses.stream().filter(status -> status == 409).count(), statuses::toString);
    }
}
