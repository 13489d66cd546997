package org.postbus.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;

/** Sessions that an operator looks at and breaks, and what else takes its time: a lease lasts a minute, so they go side by side. */
@ExtendWith(SharedPlatform.class)
class LeasesTest {

    private static final String DOMAIN = "leases.test";
    private static final String PASSWORD = "secret of all";
    private static final String SESSIONS = "/maildrop-sessions";
    /** A lease and what a busy machine takes beyond it. */
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(90);

    private final RunningPlatform platform;
    private final AdminApi admin;

    LeasesTest(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.admin();
        admin.domain(DOMAIN);
    }

    @TestFactory
    Stream<DynamicTest> besideEachOther() {
        ExecutorService cases = Executors.newVirtualThreadPerTaskExecutor();
        return Stream.of(
                start(cases, "a broken session keeps its maildrop until its lease ends, and then loses it to the next", this::takenOver),
                start(cases, "a session broken again behind its lease's end is fenced", this::brokenTwice),
                start(cases, "what a broken session promises within its lease is kept", this::promisedInTime),
                start(cases, "a session that nobody breaks is renewed", this::renewed),
                start(cases, "a client that polls is never refused for its own last session", () -> new Polling(platform).run()))
                .toList().stream();
    }

    private static DynamicTest start(ExecutorService cases, String name, Executable body) {
        Future<?> running = cases.submit(() -> {
            try {
                body.execute();
                return null;
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        });
        return dynamicTest(name, running::get);
    }

    private void takenOver() throws Exception {
        String account = accountWithTwoMails("taken");
        try (Pop3Client first = logIn(account)) {
            first.command("DELE 1");
            JsonNode open = session(account).orElseThrow();
            assertEquals("127.0.0.1", open.get("client").asText());
            assertFalse(open.get("revoked").asBoolean());
            HttpResponse<String> broken = breakLock(open);
            assertEquals(202, broken.statusCode(), broken.body());
            JsonNode revoked = session(account).orElseThrow();
            assertTrue(revoked.get("revoked").asBoolean());
            assertTrue(refusal(account).startsWith("-ERR [IN-USE]"));
            Pop3Client next = Await.answer("the end of the lease", ENDED_WITHIN, () -> takeOver(account, revoked));
            try (next) {
                first.send("QUIT");
                assertTrue(first.line().startsWith("-ERR [SYS/TEMP]"));
                assertEquals(2, next.uidl().size());
                next.retrieve(1);
                next.command("QUIT");
            }
        }
        assertMails(2, account);
    }

    /** Until the lease's end it is the same lease, and nobody else gets in. */
    private Optional<Pop3Client> takeOver(String account, JsonNode revoked) throws IOException {
        Instant end = Instant.parse(revoked.get("expiresAt").asText());
        Optional<JsonNode> session = session(account);
        assertEquals(Optional.of(revoked), session, "renewed, or gone too early");
        Optional<Pop3Client> next = tryLogIn(account);
        assertFalse(next.isPresent() && Instant.now().isBefore(end), "opened before " + end);
        return next;
    }

    private void brokenTwice() throws Exception {
        String account = accountWithTwoMails("twice");
        try (Pop3Client pop3 = logIn(account)) {
            pop3.command("DELE 1");
            JsonNode session = session(account).orElseThrow();
            assertEquals(202, breakLock(session).statusCode());
            Await.answer("the end of the lease", ENDED_WITHIN, () -> {
                int status = breakLock(session).statusCode();
                assertTrue(status == 202 || status == 204, "status " + status);
                return status == 204 ? Optional.of(true) : Optional.empty();
            });
            assertEquals(Optional.empty(), session(account));
            assertEquals(404, breakLock(session).statusCode());
            pop3.send("RETR 2");
            assertTrue(pop3.line().startsWith("-ERR"), "its messages are another's now");
            pop3.send("QUIT");
            assertTrue(pop3.line().startsWith("-ERR [SYS/TEMP]"));
        }
        assertMails(2, account);
    }

    private void promisedInTime() throws Exception {
        String account = accountWithTwoMails("promised");
        try (Pop3Client pop3 = logIn(account)) {
            pop3.command("DELE 1");
            assertEquals(202, breakLock(session(account).orElseThrow()).statusCode());
            pop3.retrieve(2);
            pop3.command("QUIT");
        }
        assertMails(1, account);
    }

    private void renewed() throws Exception {
        String account = accountWithTwoMails("renewed");
        try (Pop3Client pop3 = logIn(account)) {
            pop3.command("DELE 1");
            Instant first = expiry(account);
            Await.answer("a renewal behind the first lease's end", ENDED_WITHIN,
                    () -> Instant.now().isAfter(first) ? Optional.of(true) : Optional.empty());
            assertTrue(expiry(account).isAfter(Instant.now()));
            assertTrue(refusal(account).startsWith("-ERR [IN-USE]"));
            pop3.command("QUIT");
        }
        assertMails(1, account);
    }

    private String accountWithTwoMails(String name) throws Exception {
        String account = name + "@" + DOMAIN;
        admin.account(account, PASSWORD);
        for (int n = 0; n < 2; n++) {
            try (SmtpClient smtp = platform.smtp()) {
                new Maildrop(platform, account, PASSWORD).await(smtp.mail("", List.of(account), "Subject: " + n + "\r\n\r\nhi\r\n"));
            }
        }
        return account;
    }

    private Pop3Client logIn(String account) throws IOException {
        return platform.pop3().logIn(account, PASSWORD);
    }

    private Optional<Pop3Client> tryLogIn(String account) throws IOException {
        try {
            return Optional.of(logIn(account));
        } catch (AssertionError refused) {
            return Optional.empty();
        }
    }

    private String refusal(String account) throws IOException {
        try (Pop3Client pop3 = platform.pop3()) {
            pop3.command("USER " + account);
            pop3.send("PASS " + PASSWORD);
            return pop3.line();
        }
    }

    private void assertMails(int count, String account) throws IOException {
        try (Pop3Client pop3 = logIn(account)) {
            assertEquals(count, pop3.uidl().size());
            pop3.command("QUIT");
        }
    }

    private Optional<JsonNode> session(String account) {
        for (JsonNode session : admin.get(SESSIONS + "?limit=200").get("items")) {
            if (session.get("account").asText().equals(account)) {
                return Optional.of(session);
            }
        }
        return Optional.empty();
    }

    private Instant expiry(String account) {
        return Instant.parse(session(account).orElseThrow().get("expiresAt").asText());
    }

    private HttpResponse<String> breakLock(JsonNode session) {
        return admin.send("DELETE", "/api/v1" + SESSIONS + "/" + session.get("sessionId").asText(), "");
    }
}
