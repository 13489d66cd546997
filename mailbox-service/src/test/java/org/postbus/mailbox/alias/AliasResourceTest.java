package org.postbus.mailbox.alias;

import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
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
import org.postbus.mailbox.Servers;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class AliasResourceTest {

    @Test
    void isCreatedChangedAndDeleted() {
        String domain = freshDomain();
        createAccount("a@" + domain, "secret").statusCode(201);
        createAlias("Team@" + domain, "A@" + domain, "a@" + domain, "b@" + domain).statusCode(201)
                .header("Location", endsWith("/api/v1/aliases/team@" + domain))
                .body("targets", equalTo(List.of("a@" + domain, "b@" + domain)));
        admin().get("/api/v1/aliases/TEAM@" + domain).then().statusCode(200).body("address", equalTo("team@" + domain));
        admin().body(Map.of("targets", List.of("b@" + domain))).patch("/api/v1/aliases/team@" + domain).then().statusCode(200)
                .body("targets", equalTo(List.of("b@" + domain)));
        admin().queryParam("domain", domain).get("/api/v1/aliases").then().statusCode(200)
                .body("items.address", equalTo(List.of("team@" + domain)));
        admin().delete("/api/v1/aliases/team@" + domain).then().statusCode(204);
        admin().get("/api/v1/aliases/team@" + domain).then().statusCode(404);
        admin().body(Map.of("targets", List.of("b@" + domain))).patch("/api/v1/aliases/team@" + domain).then().statusCode(404);
        admin().delete("/api/v1/aliases/team@" + domain).then().statusCode(404);
        admin().get("/api/v1/aliases/nonsense").then().statusCode(404);
    }

    @Test
    void catchesAllOfADomain() {
        String domain = freshDomain();
        createAccount("a@" + domain, "secret").statusCode(201);
        createAlias("@" + domain, "a@" + domain).statusCode(201).header("Location", endsWith("/api/v1/aliases/@" + domain));
        admin().get("/api/v1/aliases/@" + domain).then().statusCode(200);
        createAlias("@" + domain, "a@" + domain).statusCode(409);
        admin().queryParam("recipient", "whoever@" + domain).get("/api/v1/explain").then().statusCode(200)
                .body("deliverable", equalTo(true)).body("ends.address", equalTo(List.of("a@" + domain)));
    }

    @Test
    void isOfALocalDomainAndLeadsToAddresses() {
        String domain = freshDomain();
        createAlias("a@" + domain, "a@elsewhere").statusCode(422).body("type", equalTo(problem("unknown-domain")));
        createAlias("a@" + domain, "a@[192.0.2.1]").statusCode(422).body("type", equalTo(problem("invalid")));
        createAlias("a@" + domain, "a@192.0.2.1").statusCode(422).body("type", equalTo(problem("invalid")));
        createAlias("a@elsewhere.test", "a@" + domain).statusCode(422).body("type", equalTo(problem("unknown-domain")));
        createAlias("a@" + domain, "nonsense").statusCode(422).body("type", equalTo(problem("invalid")));
        createAlias("a@" + domain, "@" + domain).statusCode(422).body("type", equalTo(problem("invalid")));
        createAlias("a@" + domain).statusCode(422).body("type", equalTo(problem("invalid")));
        admin().body(Map.of("address", "a@" + domain)).post("/api/v1/aliases").then().statusCode(422);
        admin().body("{\"address\":\"a@" + domain + "\",\"targets\":[null]}").post("/api/v1/aliases").then().statusCode(422);
        admin().get("/api/v1/aliases/a@" + domain).then().statusCode(404);
    }

    @Test
    void forwardsToOtherServersInTheirSpelling() {
        String domain = freshDomain();
        createAccount("a@" + domain, "secret").statusCode(201);
        createAlias("out@" + domain, "Token-AbC@Far.TEST", "A@" + domain, "a@" + domain, "Token-AbC@far.test", "\"x\"@b\u00fccher.test")
                .statusCode(201)
                .body("targets", equalTo(List.of("Token-AbC@far.test", "a@" + domain, "x@xn--bcher-kva.test")));
        admin().queryParam("recipient", "Out@" + domain).get("/api/v1/explain").then().statusCode(200)
                .body("deliverable", equalTo(true)).body("ends.kind", equalTo(List.of("forwarded", "maildrop", "forwarded")))
                .body("steps", hasItems("Token-AbC@far.test: relayed to domain far.test, forwarded by out@" + domain));
        admin().body(Map.of("targets", List.of("Far.Away@far.test"))).patch("/api/v1/aliases/out@" + domain).then().statusCode(200)
                .body("targets", equalTo(List.of("Far.Away@far.test")));
    }

    @Test
    void neverLeadsBackToItself() {
        String domain = freshDomain();
        createAlias("a@" + domain, "a@" + domain).statusCode(422).body("type", equalTo(problem("alias-cycle")));
        createAlias("a@" + domain, "a+tag@" + domain).statusCode(422).body("type", equalTo(problem("alias-cycle")));
        createAlias("a@" + domain, "b@" + domain).statusCode(201);
        createAlias("b@" + domain, "c@" + domain).statusCode(201);
        createAlias("c@" + domain, "x@" + domain, "A@" + domain).statusCode(422).body("type", equalTo(problem("alias-cycle")));
        createAlias("c@" + domain, "x@" + domain).statusCode(201);
        admin().body(Map.of("targets", List.of("a@" + domain))).patch("/api/v1/aliases/c@" + domain).then().statusCode(422)
                .body("type", equalTo(problem("alias-cycle")));
        createAlias("@" + domain, "nobody@" + domain).statusCode(422).body("type", equalTo(problem("alias-cycle")));
    }

    /** Each change is right on its own; only their order can tell that the second one closes the circle. */
    @Test
    void neverLeadsBackToItselfThoughBothHalvesComeAtATime() throws Exception {
        String domain = freshDomain();
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 10; i++) {
                String a = "a" + i + "@" + domain;
                String b = "b" + i + "@" + domain;
                List<Callable<Integer>> halves = List.of(
                        () -> createAlias(a, b).extract().statusCode(), () -> createAlias(b, a).extract().statusCode());
                List<Integer> statuses = new ArrayList<>();
                for (Future<Integer> half : threads.invokeAll(halves)) {
                    statuses.add(half.get());
                }
                assertEquals(List.of(201, 422), statuses.stream().sorted().toList());
            }
        }
    }

    @Test
    void isExplained() {
        String domain = freshDomain();
        createAccount("a@" + domain, "secret").statusCode(201);
        createAccount("off@" + domain, "secret").statusCode(201);
        admin().body(Map.of("enabled", false)).patch("/api/v1/accounts/off@" + domain).then().statusCode(200);
        createAlias("team@" + domain, "a@" + domain, "off@" + domain, "nobody@" + domain).statusCode(201);
        admin().queryParam("recipient", "Team+x@" + domain).get("/api/v1/explain").then().statusCode(200)
                .body("recipient", equalTo("team+x@" + domain)).body("deliverable", equalTo(true))
                .body("ends.kind", equalTo(List.of("maildrop", "disabled", "unknown")))
                .body("steps", hasItems("a@" + domain + ": account"));
        admin().queryParam("recipient", "a@elsewhere.test").get("/api/v1/explain").then().statusCode(200)
                .body("ends.kind", equalTo(List.of("remote"))).body("deliverable", equalTo(false))
                .body("steps", hasItems("a@elsewhere.test: remote: relayed for authenticated accounts and relay networks"));
        admin().queryParam("recipient", "postmaster").get("/api/v1/explain").then().statusCode(200);
        admin().queryParam("recipient", "nonsense").get("/api/v1/explain").then().statusCode(422);
        admin().get("/api/v1/explain").then().statusCode(400).body("type", equalTo(problem("bad-parameter")));
    }
}
