package org.postbus.mailbox.imports;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.postbus.mailbox.Api.admin;
import static org.postbus.mailbox.Api.createAccount;
import static org.postbus.mailbox.Api.freshDomain;
import static org.postbus.mailbox.Api.problem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.mailbox.Maildrops;
import org.postbus.mailbox.Servers;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class ImportResourceTest {

    private static final String FROM = "From alice@example.org Mon Nov 23 12:00:00 2026\n";
    private static final String TWO = FROM + "Subject: one\n\n>From here\n\n" + FROM + "Subject: two\n\nhi\n\n";

    @Inject
    Maildrops maildrops;

    @TestHTTPResource
    URI server;

    private String address;
    private UUID account;

    @BeforeEach
    void makeAccount() {
        address = "alice@" + freshDomain();
        account = UUID.fromString(createAccount(address, "secret").extract().path("id"));
    }

    @Test
    void anMboxBecomesMessagesWithATrail() {
        ValidatableResponse answer = send("application/mbox", Octets.of(TWO)).statusCode(200).contentType("application/json")
                .body("imported", equalTo(2)).body("duplicates", equalTo(0)).body("refused", equalTo(0)).body("skipped", equalTo(0))
                .body("$", not(hasKey("next"))).body("messages", hasSize(2)).body("messages[1].n", equalTo(2))
                .body("messages[0].status", equalTo("imported")).body("messages[0].octets", equalTo(27))
                .body("messages[0]", not(hasKey("name"))).body("messages[0]", not(hasKey("reason")));
        String first = answer.extract().path("messages[0].mailId");
        admin().get("/api/v1/accounts/" + address + "/messages").then().body("items", hasSize(2))
                .body("items[0].mailId", equalTo(first)).body("items[0].subject", equalTo("one"));
        assertEquals("Subject: one\r\n\r\nFrom here\r\n", maildrops.mail(UUID.fromString(first)));
        Maildrops.await("the import on the trail", () -> admin().get("/api/v1/mails/" + first).statusCode() == 200);
        admin().get("/api/v1/mails/" + first).then().body("events", hasSize(1)).body("events[0].step", equalTo("delivered"))
                .body("events[0].detail", equalTo("imported")).body("events[0].accountId", equalTo(account.toString()))
                .body("events[0].recipients[0].finalRecipient", equalTo(address));
        send("application/mbox", Octets.of(TWO)).body("duplicates", equalTo(2)).body("messages[0].mailId", equalTo(first));
        admin().get("/q/metrics").then().body(containsString("postbus_mailbox_imported_total"));
    }

    @Test
    void aMessageThatPop3DeletedDoesNotComeBack() {
        String first = send("application/mbox", Octets.of(TWO)).extract().path("messages[0].mailId");
        admin().delete("/api/v1/accounts/" + address + "/messages/" + first).then().statusCode(204);
        send("application/mbox; format=default", Octets.of(TWO)).body("imported", equalTo(0)).body("duplicates", equalTo(2));
        assertEquals(1, maildrops.listing(account).size());
    }

    @Test
    void aTarOfAMaildirBecomesMessages() {
        byte[] tar = new TestTar().file("./.Sent/cur/1", "A: 1\n").file("./cur/2:2,S", "A: 2\n").file("./new/3", "A: 3\n").octets();
        send("application/x-tar", tar).statusCode(200).body("imported", equalTo(2)).body("skipped", equalTo(1))
                .body("messages[0].name", equalTo(".Sent/cur/1")).body("messages[0].reason", containsString("inbox"))
                .body("messages[0]", not(hasKey("octets"))).body("messages[1].name", equalTo("cur/2:2,S"));
    }

    @Test
    void aDisabledAccountIsFilledBeforeItOpens() {
        createAccount("bob@" + address.substring(6), "secret").extract();
        admin().body(Map.of("enabled", false)).patch("/api/v1/accounts/bob@" + address.substring(6)).then().statusCode(200);
        address = "bob@" + address.substring(6);
        send("application/mbox", Octets.of(TWO)).statusCode(200).body("imported", equalTo(2));
    }

    /** More than any other route takes, with its length declared and without; of it 40 MiB are one mail. */
    @Test
    void bodiesOfAnySizeAreTaken() throws Exception {
        InputStream body = sequence(text(TWO + FROM + "Subject: large\n\n"), lines(40 * 1024 * 1024), text("\n" + FROM + "A: b\n"));
        HttpAnswer chunked = raw(body, -1);
        assertTrue(chunked.text().startsWith("HTTP/1.1 200"), chunked.text());
        assertTrue(chunked.text().contains("\"imported\":4"), chunked.text());
        long length = TWO.length() + FROM.length() + "Subject: large\n\n".length() + 12L * 1024 * 1024 + 1;
        HttpAnswer declared = raw(sequence(text(TWO + FROM + "Subject: large\n\n"), lines(12 * 1024 * 1024), text("\n")), length);
        assertTrue(declared.text().contains("\"duplicates\":2"), declared.text());
        assertTrue(declared.text().contains("\"imported\":1"), declared.text());
        assertEquals(5, maildrops.listing(account).size());
        assertTrue(maildrops.sumsAreRight(account));
    }

    @Test
    void thousandsOfMessagesAreReportedOneByOne() throws Exception {
        StringBuilder mbox = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            mbox.append(FROM).append("Subject: ").append(i).append("\n\nhi\n\n");
        }
        HttpAnswer answer = raw(text(mbox.toString()), mbox.length());
        assertTrue(answer.text().contains("\"imported\":5000"), () -> answer.text().substring(0, 300));
        assertEquals(5000, answer.text().split("\"status\":\"imported\"", -1).length - 1);
        assertTrue(answer.text().contains("\"n\":5000"));
        assertTrue(maildrops.sumsAreRight(account));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/json", "application/gzip", "message/rfc822"})
    void otherMediaTypesAreRefused(String type) {
        send(type, Octets.of(TWO)).statusCode(415).contentType("application/problem+json")
                .body("type", equalTo(problem("unsupported-media-type")));
    }

    @Test
    void noMediaTypeIsNone() throws Exception {
        String head = "POST " + path() + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + Servers.ADMIN_TOKEN
                + "\r\nContent-Length: 3\r\nConnection: close\r\n\r\n";
        assertTrue(exchange(head, text("abc"), false).text().startsWith("HTTP/1.1 415"));
    }

    @Test
    void anUnknownAccountIsNotFound() {
        for (String unknown : new String[] {"nobody@nowhere.test", "no address"}) {
            given().auth().oauth2(Servers.ADMIN_TOKEN).config(asTheyAre()).contentType("application/mbox").body(Octets.of(TWO))
                    .pathParam("address", unknown).post("/api/v1/accounts/{address}/import").then().statusCode(404)
                    .contentType("application/problem+json").body("type", equalTo(problem("not-found")));
        }
    }

    @Test
    void whoHasNoTokenSendsNothing() {
        given().contentType("application/mbox").body(new byte[3 * 1024 * 1024]).post(path()).then().statusCode(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "x", "1.5", "9999999999"})
    void fromIsANumber(String from) {
        given().auth().oauth2(Servers.ADMIN_TOKEN).config(asTheyAre()).contentType("application/mbox").body(Octets.of(TWO))
                .queryParam("from", from).post(path()).then().statusCode(400).body("type", equalTo(problem("bad-parameter")));
    }

    @Test
    void fromLeavesOutWhatIsBeforeIt() {
        given().auth().oauth2(Servers.ADMIN_TOKEN).config(asTheyAre()).contentType("application/mbox").body(Octets.of(TWO))
                .queryParam("from", 2).post(path()).then().statusCode(200).body("imported", equalTo(1))
                .body("messages", hasSize(1)).body("messages[0].n", equalTo(2));
    }

    @Test
    void whatIsNoArchiveOrBreaksOffSaysHowFarItCame() {
        send("application/mbox", Octets.of("Subject: x\n\nhi\n")).statusCode(400).contentType("application/problem+json")
                .body("type", equalTo(problem("bad-archive"))).body("detail", containsString("after 0 messages"));
        send("application/x-tar", Octets.of(TWO.repeat(100))).statusCode(400).body("type", equalTo(problem("bad-archive")));
        byte[] tar = new TestTar().file("cur/1", "A: 1\n").file("cur/2", "A: 2\n").file("cur/3", "x".repeat(100_000)).octets();
        send("application/x-tar", java.util.Arrays.copyOf(tar, 60_000)).statusCode(400)
                .body("detail", containsString("after 2 messages, of which 2 were imported"));
        assertEquals(2, maildrops.listing(account).size());
        send("application/x-tar", tar).statusCode(200).body("imported", equalTo(1)).body("duplicates", equalTo(2));
    }

    /** The connection ends in the middle of a body whose end was promised. */
    @Test
    void aClientThatGoesLeavesWhatWasWhole() throws Exception {
        try (Socket client = new Socket(server.getHost(), server.getPort())) {
            OutputStream out = client.getOutputStream();
            out.write(Octets.of(head(10_000_000)));
            out.write(Octets.of(TWO + FROM + "Subject: three\n\n" + "x\n".repeat(500_000)));
            out.flush();
        }
        Maildrops.await("two messages are filed", () -> maildrops.listing(account).size() == 2);
        send("application/mbox", Octets.of(TWO)).statusCode(200).body("duplicates", equalTo(2));
    }

    @Test
    void aThirdAtATimeIsSentAway() throws Exception {
        try (Socket one = begun(); Socket two = begun()) {
            send("application/mbox", Octets.of(TWO)).statusCode(503).contentType("application/problem+json")
                    .body("type", equalTo(problem("unavailable")));
            byte[] rest = Octets.of("x");
            one.getOutputStream().write(rest);
            two.getOutputStream().write(rest);
            assertTrue(new String(one.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.1 200"));
            assertTrue(new String(two.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.1 200"));
        }
        Maildrops.await("a place", () -> send("application/mbox", Octets.of(TWO)).extract().statusCode() == 200);
    }

    /** The exception is that one route's. */
    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/accounts", "/api/v1/accounts/a@b.test/imports", "/api/v1/accounts/a/b/import", "/api/v1/domains",
        "/internal/v1/credentials", "/q/openapi", "/nothing"})
    void otherRoutesTakeASmallBodyStill(String path) {
        admin().body(new byte[2 * 1024 * 1024]).post(path).then().statusCode(413).body("type", equalTo(problem("body-too-large")));
    }

    @Test
    void otherMethodsTakeASmallBodyStill() {
        admin().body(new byte[2 * 1024 * 1024]).patch(path()).then().statusCode(413);
    }

    @Test
    void theDescriptionHasBothMediaTypes() {
        Map<String, Object> content = given().get("/q/openapi?format=json").then().extract().jsonPath()
                .getMap("paths.'/api/v1/accounts/{address}/import'.post.requestBody.content");
        assertArrayEquals(new Object[] {"application/mbox", "application/x-tar"}, content.keySet().stream().sorted().toArray());
    }

    /** An import that lacks its last octet. The server asks for the body when the import has its place (RFC 9110, section 10.1.1). */
    private Socket begun() throws IOException {
        Socket client = new Socket(server.getHost(), server.getPort());
        client.getOutputStream().write(Octets.of(head(TWO.length() + 1).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n")));
        String goOn = "HTTP/1.1 100 Continue\r\n\r\n";
        assertEquals(goOn, Octets.text(client.getInputStream().readNBytes(goOn.length())));
        client.getOutputStream().write(Octets.of(TWO));
        return client;
    }

    private ValidatableResponse send(String type, byte[] body) {
        return given().auth().oauth2(Servers.ADMIN_TOKEN).config(asTheyAre()).contentType(type).body(body).post(path()).then();
    }

    /** Without a charset that it would add. */
    private static RestAssuredConfig asTheyAre() {
        return RestAssuredConfig.config().encoderConfig(EncoderConfig.encoderConfig().appendDefaultContentCharsetToContentTypeIfUndefined(false)
                .encodeContentTypeAs("application/mbox", io.restassured.http.ContentType.BINARY)
                .encodeContentTypeAs("application/x-tar", io.restassured.http.ContentType.BINARY)
                .encodeContentTypeAs("message/rfc822", io.restassured.http.ContentType.BINARY)
                .encodeContentTypeAs("application/gzip", io.restassured.http.ContentType.BINARY));
    }

    private String path() {
        return "/api/v1/accounts/" + address + "/import";
    }

    private record HttpAnswer(String text) {
    }

    private HttpAnswer raw(InputStream body, long length) throws IOException {
        return exchange(head(length).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"), body, length < 0);
    }

    private HttpAnswer exchange(String head, InputStream body, boolean chunked) throws IOException {
        try (Socket client = new Socket(server.getHost(), server.getPort())) {
            OutputStream out = client.getOutputStream();
            out.write(Octets.of(head));
            byte[] piece = new byte[64 * 1024];
            for (int count = body.read(piece); count > 0; count = body.read(piece)) {
                out.write(chunked ? Octets.of(Integer.toHexString(count) + "\r\n") : new byte[0]);
                out.write(piece, 0, count);
                out.write(chunked ? Octets.of("\r\n") : new byte[0]);
            }
            out.write(chunked ? Octets.of("0\r\n\r\n") : new byte[0]);
            out.flush();
            return new HttpAnswer(Octets.text(client.getInputStream().readAllBytes()));
        }
    }

    private String head(long length) {
        return "POST " + path() + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + Servers.ADMIN_TOKEN
                + "\r\nContent-Type: application/mbox\r\n"
                + (length < 0 ? "Transfer-Encoding: chunked" : "Content-Length: " + length) + "\r\n\r\n";
    }

    private static InputStream sequence(InputStream... streams) {
        return new java.io.SequenceInputStream(Collections.enumeration(java.util.List.of(streams)));
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(Octets.of(text));
    }

    /** Octets of lines of 64, the line ends among them. */
    private static InputStream lines(int octets) {
        return new InputStream() {

            private int left = octets;

            @Override
            public int read() {
                return left == 0 ? -1 : left-- % 64 == 1 ? '\n' : 'x';
            }
        };
    }
}
