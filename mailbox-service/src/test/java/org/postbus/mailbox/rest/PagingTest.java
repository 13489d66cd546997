package org.postbus.mailbox.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.postbus.mailbox.Api.admin;
import static org.postbus.mailbox.Api.createAlias;
import static org.postbus.mailbox.Api.freshDomain;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postbus.mailbox.Servers;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class PagingTest {

    @Test
    void showsEachRowOnceThoughRowsComeAndGo() {
        String domain = freshDomain();
        List<String> addresses = IntStream.range(0, 7).mapToObj(i -> "a" + i + "@" + domain).toList();
        addresses.forEach(address -> createAlias(address, "x@" + domain).statusCode(201));
        List<String> seen = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            JsonPath page = page(domain, cursor);
            seen.addAll(page.getList("items.address"));
            cursor = Optional.ofNullable(page.getString("next"));
            admin().delete("/api/v1/aliases/" + seen.getLast()).then().statusCode(204);
            createAlias("a0x" + seen.size() + "@" + domain, "x@" + domain).statusCode(201);
        } while (cursor.isPresent());
        assertEquals(addresses, seen);
    }

    private static JsonPath page(String domain, Optional<String> cursor) {
        var request = admin().queryParam("domain", domain).queryParam("limit", 3);
        cursor.ifPresent(value -> request.queryParam("cursor", value));
        return request.get("/api/v1/aliases").then().statusCode(200).extract().jsonPath();
    }
}
