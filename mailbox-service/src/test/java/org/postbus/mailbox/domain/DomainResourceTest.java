package org.postbus.mailbox.domain;

import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.postbus.mailbox.Api.admin;
import static org.postbus.mailbox.Api.createAccount;
import static org.postbus.mailbox.Api.createAlias;
import static org.postbus.mailbox.Api.freshDomain;
import static org.postbus.mailbox.Api.problem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.mailbox.Servers;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class DomainResourceTest {

    @Test
    void isCreatedShownAndDeleted() {
        admin().body(Map.of("name", "Straße.Example")).post("/api/v1/domains").then().statusCode(201)
                .header("Location", endsWith("/api/v1/domains/strasse.example"))
                .body("name", equalTo("strasse.example")).body("postmaster", nullValue()).body("createdAt", notNullValue());
        admin().get("/api/v1/domains/STRASSE.example").then().statusCode(200).body("name", equalTo("strasse.example"));
        admin().get("/api/v1/domains").then().statusCode(200).body("items.name", hasItem("strasse.example"));
        admin().delete("/api/v1/domains/strasse.example").then().statusCode(204);
        admin().get("/api/v1/domains/strasse.example").then().statusCode(404).body("type", equalTo(problem("not-found")));
        admin().delete("/api/v1/domains/strasse.example").then().statusCode(404);
    }

    @Test
    void takesUnicodeNamesAsALabels() {
        admin().body(Map.of("name", "bücher.example")).post("/api/v1/domains").then().statusCode(201)
                .body("name", equalTo("xn--bcher-kva.example"));
        admin().body(Map.of("name", "XN--BCHER-KVA.example")).post("/api/v1/domains").then().statusCode(409)
                .body("type", equalTo(problem("already-exists")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "a..b", "-a.test", "a-.test", "a b.test", "a_b.test", "test.", "[192.0.2.1]", "192.0.2.1",
        "a@b.test", "a/b.test", "a\r\nb.test", "\u0000.test",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test"})
    void refusesWhatIsNoDomain(String name) {
        admin().body(Map.of("name", name)).post("/api/v1/domains").then().statusCode(422)
                .body("type", equalTo(problem("invalid")));
    }

    @Test
    void staysWhileAnAccountOrAnAliasNeedsIt() {
        String domain = freshDomain();
        String other = freshDomain();
        createAccount("a@" + domain, "secret").statusCode(201);
        createAlias("b@" + domain, "a@" + domain).statusCode(201);
        createAlias("c@" + other, "\"x y\"@" + domain).statusCode(201);
        String[] inTheWay = {"/accounts/a@" + domain, "/aliases/b@" + domain, "/aliases/c@" + other};
        for (String resource : inTheWay) {
            admin().delete("/api/v1/domains/" + domain).then().statusCode(409)
                    .body("type", equalTo(problem("domain-not-empty")));
            admin().delete("/api/v1" + resource).then().statusCode(204);
        }
        admin().delete("/api/v1/domains/" + domain).then().statusCode(204);
    }

    @Test
    void hasItsFirstAccountAsPostmaster() {
        String domain = freshDomain();
        createAccount("first@" + domain, "secret").statusCode(201);
        createAccount("second@" + domain, "secret").statusCode(201);
        admin().get("/api/v1/domains/" + domain).then().body("postmaster", equalTo("first@" + domain));
        admin().body(Map.of("postmaster", "Second@" + domain)).patch("/api/v1/domains/" + domain).then().statusCode(200)
                .body("postmaster", equalTo("second@" + domain));
        admin().body("{}").patch("/api/v1/domains/" + domain).then().statusCode(200)
                .body("postmaster", equalTo("second@" + domain));
    }

    @Test
    void takesAPostmasterThatIsCreatedNext() {
        admin().body(Map.of("name", "next.test", "postmaster", "boss@next.test")).post("/api/v1/domains").then().statusCode(201)
                .body("postmaster", equalTo("boss@next.test"));
        explain("postmaster@next.test", "no-postmaster");
        createAccount("clerk@next.test", "secret").statusCode(201);
        explain("postmaster@next.test", "no-postmaster");
        createAccount("boss@next.test", "secret").statusCode(201);
        explain("postmaster@next.test", "maildrop");
    }

    @Test
    void refusesAPostmasterThatIsNoAccount() {
        String domain = freshDomain();
        admin().body(Map.of("postmaster", "nobody@" + domain)).patch("/api/v1/domains/" + domain).then().statusCode(422);
        admin().body("{\"postmaster\":null}").patch("/api/v1/domains/" + domain).then().statusCode(422);
        admin().body(Map.of("name", "far.test", "postmaster", "nobody@" + domain)).post("/api/v1/domains").then()
                .statusCode(422).body("type", equalTo(problem("invalid")));
    }

    @Test
    void keepsItsPostmasterUntilTheLastAccountGoes() {
        String domain = freshDomain();
        createAccount("first@" + domain, "secret").statusCode(201);
        createAccount("second@" + domain, "secret").statusCode(201);
        admin().delete("/api/v1/accounts/first@" + domain).then().statusCode(409)
                .body("type", equalTo(problem("postmaster-needed")));
        admin().body(Map.of("enabled", false)).patch("/api/v1/accounts/first@" + domain).then().statusCode(409)
                .body("type", equalTo(problem("postmaster-needed")));
        admin().get("/api/v1/accounts/first@" + domain).then().statusCode(200).body("enabled", equalTo(true));
        admin().delete("/api/v1/accounts/second@" + domain).then().statusCode(204);
        admin().delete("/api/v1/accounts/first@" + domain).then().statusCode(204);
        admin().get("/api/v1/domains/" + domain).then().body("postmaster", nullValue());
        admin().delete("/api/v1/domains/" + domain).then().statusCode(204);
    }

    private static void explain(String recipient, String kind) {
        admin().queryParam("recipient", recipient).get("/api/v1/explain").then().statusCode(200)
                .body("ends[0].kind", equalTo(kind));
    }
}
