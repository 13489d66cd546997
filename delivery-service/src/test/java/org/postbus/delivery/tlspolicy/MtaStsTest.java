package org.postbus.delivery.tlspolicy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.delivery.dns.Dns;
import org.postbus.delivery.dns.ScriptedDns;
import org.postbus.protocol.tls.TestCertificate;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** RFC 8461 against a real HTTPS server. */
@Timeout(60)
class MtaStsTest {

    private static final String DOMAIN = "example.org";
    private static final String RECORD = "_mta-sts.example.org";
    private static final String HOST = "mta-sts.example.org";

    @TempDir
    static Path folder;
    private static Vertx vertx;
    private static TrustOptions trust;
    private static HttpServer https;
    /** What the server does; the test that runs has set it. */
    private static volatile Consumer<HttpServerRequest> page;
    private static final AtomicInteger fetches = new AtomicInteger();

    private final ScriptedDns server = new ScriptedDns().ttl(0);
    private final Dns dns = new Dns(Optional.of(List.of(server.address())));
    private final MemoryPolicyStore store = new MemoryPolicyStore();
    private Instant now = Instant.parse("2026-11-01T00:00:00Z");
    private final List<PolicyFetch> opened = new ArrayList<>();
    private MtaSts sts = sts(address -> true, Optional.of(trust), Duration.ofSeconds(60));

    @BeforeAll
    static void serve() throws Exception {
        TestCertificate certificate = TestCertificate.make(folder, HOST, "localhost");
        PfxOptions keys = new PfxOptions().setPath(certificate.store().toString()).setPassword(certificate.password());
        trust = keys;
        vertx = Vertx.vertx();
        HttpServerOptions options = new HttpServerOptions().setSsl(true).setSni(true).setKeyCertOptions(keys);
        https = vertx.createHttpServer(options).requestHandler(request -> {
            fetches.incrementAndGet();
            page.accept(request);
        }).listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get();
    }

    @AfterAll
    static void stopVertx() {
        vertx.close();
    }

    @BeforeEach
    void publish() {
        fetches.set(0);
        server.txt(RECORD, "v=STSv1; id=1;").address(HOST, "127.0.0.1");
        page = policy("enforce", "mx1.example.org");
    }

    @AfterEach
    void stop() throws IOException {
        opened.forEach(PolicyFetch::close);
        server.close();
    }

    @Test
    void a_policy_is_fetched_from_its_place() {
        page = request -> {
            assertEquals("/.well-known/mta-sts.txt", request.uri());
            policy("enforce", "mx1.example.org").accept(request);
        };
        assertEquals(Optional.of(new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("mx1.example.org"), Duration.ofDays(10))), find());
        assertEquals(Optional.of("mx1.example.org"), mx());
        assertEquals(1, fetches.get());
    }

    @ParameterizedTest
    @CsvSource({"enforce, ENFORCE", "testing, TESTING"})
    void its_mode_is_told(String mode, StsPolicy.Mode expected) {
        page = policy(mode, "mx1.example.org");
        assertEquals(Optional.of(expected), find().map(StsPolicy::mode));
    }

    @Test
    void a_policy_of_none_is_none_and_ends_an_earlier_one() {
        find();
        page = policy("none", "mx1.example.org");
        record("v=STSv1; id=2;");
        assertEquals(Optional.empty(), find());
        assertEquals(StsPolicy.Mode.NONE, store.find(DOMAIN).orElseThrow().policy().mode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"v=STSv2; id=1;", "v=STSv1", "v=STSv1;", "v=STSv1; id=;", "v=STSv1; id=a-b;",
        "v=STSv1; id=123456789012345678901234567890123;", " v=STSv1; id=1;", "v=spf1 -all", "v=STSv1; pid=1;"})
    void without_a_record_that_is_right_nothing_is_fetched(String text) {
        record(text);
        assertEquals(Optional.empty(), find());
        assertEquals(0, fetches.get());
    }

    @Test
    void other_records_beside_it_do_not_count_and_two_of_its_kind_are_none() {
        record("v=STSv1;id=1");
        server.txt(RECORD, "something else");
        assertTrue(find().isPresent());
        server.txt(RECORD, "v=STSv1; id=2;");
        assertEquals(Optional.empty(),
                find(sts(address -> true, Optional.of(trust), Duration.ofSeconds(60), new MemoryPolicyStore()), DOMAIN));
    }

    @Test
    void a_redirect_is_not_followed() {
        page = request -> {
            if (request.uri().equals("/elsewhere")) {
                policy("enforce", "mx1.example.org").accept(request);
            } else {
                request.response().setStatusCode(302)
                        .putHeader("Location", "https://localhost:" + https.actualPort() + "/elsewhere").end();
            }
        };
        assertEquals(Optional.empty(), find());
        assertEquals(1, fetches.get());
    }

    @ParameterizedTest
    @ValueSource(ints = {203, 404, 500})
    void only_a_page_is_a_policy(int status) {
        page = request -> {
            request.response().setStatusCode(status);
            policy("enforce", "mx1.example.org").accept(request);
        };
        assertEquals(Optional.empty(), find());
    }

    @ParameterizedTest
    @CsvSource({"text/plain, true", "Text/Plain; charset=utf-8, true", "text/html, false", "text/plainer, false", "'', false"})
    void it_has_to_be_text(String type, boolean read) {
        page = request -> request.response().putHeader("Content-Type", type).end(text("enforce", "mx1.example.org"));
        assertEquals(read, find().isPresent());
    }

    @Test
    void it_has_64_kibibytes_at_most() {
        page = request -> request.response().putHeader("Content-Type", "text/plain")
                .end(pad(text("enforce", "mx1.example.org"), PolicyFetch.MAX_OCTETS));
        assertTrue(find().isPresent());
        record("v=STSv1; id=2;");
        page = request -> request.response().putHeader("Content-Type", "text/plain")
                .end(pad(text("enforce", "mx2.example.org"), PolicyFetch.MAX_OCTETS + 1));
        assertEquals(Optional.of("mx1.example.org"), mx());
    }

    @Test
    void what_is_no_policy_is_none() {
        page = request -> request.response().putHeader("Content-Type", "text/plain").end("hello");
        assertEquals(Optional.empty(), find());
    }

    @Test
    void a_server_that_does_not_end_is_left() {
        CountDownLatch left = new CountDownLatch(1);
        page = request -> {
            request.connection().closeHandler(closed -> left.countDown());
            request.response().setChunked(true).putHeader("Content-Type", "text/plain").write("version: STSv1\n");
        };
        sts = sts(address -> true, Optional.of(trust), Duration.ofMillis(500));
        assertEquals(Optional.empty(), find());
        assertTrue(await(left), "the connection is still open");
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_no_good() {
        sts = sts(address -> true, Optional.empty(), Duration.ofSeconds(60));
        assertEquals(Optional.empty(), find());
        assertEquals(0, fetches.get());
    }

    @Test
    void a_certificate_of_another_host_is_no_good() {
        server.txt("_mta-sts.example.net", "v=STSv1; id=1;").address("mta-sts.example.net", "127.0.0.1");
        assertEquals(Optional.empty(), find(sts, "example.net"));
        assertEquals(0, fetches.get());
    }

    @Test
    void addresses_that_may_not_be_connected_to_are_left_alone() {
        sts = sts(address -> !address.isLoopbackAddress(), Optional.of(trust), Duration.ofSeconds(60));
        assertEquals(Optional.empty(), find());
        assertEquals(0, fetches.get());
    }

    @Test
    void another_address_is_tried_where_one_does_not_answer() {
        server.forget(HOST).address(HOST, "127.0.0.2").address(HOST, "127.0.0.1");
        assertTrue(find().isPresent());
    }

    @Test
    void a_policy_that_is_known_is_not_fetched_again_for_a_day() {
        find();
        now = now.plus(MtaSts.REFRESH).minusSeconds(1);
        find();
        assertEquals(1, fetches.get());
        now = now.plusSeconds(1);
        find();
        assertEquals(2, fetches.get());
        assertEquals(now, store.find(DOMAIN).orElseThrow().fetched());
    }

    @Test
    void another_id_fetches_at_once() {
        find();
        page = policy("enforce", "mx2.example.org");
        record("v=STSv1; id=2;");
        assertEquals(Optional.of("mx2.example.org"), mx());
    }

    @Test
    void a_policy_that_is_known_survives_the_loss_of_its_server() {
        find();
        page = request -> request.response().setStatusCode(500).end();
        record("v=STSv1; id=2;");
        assertEquals(Optional.of("mx1.example.org"), mx());
        now = now.plus(Duration.ofDays(9));
        assertEquals(Optional.of("mx1.example.org"), mx());
    }

    @Test
    void and_of_its_record() {
        find();
        server.forget(RECORD);
        assertEquals(Optional.of("mx1.example.org"), mx());
        server.rcode(RECORD, Rcode.SERVFAIL);
        assertEquals(Optional.of("mx1.example.org"), mx());
    }

    @Test
    void but_no_longer_than_it_says() {
        find();
        server.forget(RECORD);
        now = now.plus(Duration.ofDays(10));
        assertEquals(Optional.empty(), find());
    }

    @Test
    void a_fetch_that_failed_waits_five_minutes() {
        page = request -> request.response().setStatusCode(500).end();
        find();
        find();
        assertEquals(1, fetches.get());
        page = policy("enforce", "mx1.example.org");
        now = now.plus(MtaSts.RETRY);
        assertTrue(find().isPresent());
        assertEquals(2, fetches.get());
    }

    @Test
    void the_record_is_asked_for_each_time() {
        find();
        find();
        assertEquals(2, server.count(RECORD, Type.TXT));
    }

    /** That a domain publishes nothing says nothing while nobody knows what it published before. */
    @Test
    void while_the_store_cannot_be_read_only_what_is_published_now_counts() {
        MtaSts unsure = sts(address -> true, Optional.of(trust), Duration.ofSeconds(60), new PolicyStore() {
            @Override
            public Optional<Stored> find(String domain) throws UnreadableException {
                throw new UnreadableException(new IOException("no answer"));
            }

            @Override
            public void put(String domain, Stored stored) {
                // Nor does it keep any.
            }
        });
        assertEquals(Optional.of(StsPolicy.Mode.ENFORCE), find(unsure, DOMAIN).map(StsPolicy::mode));
        server.forget(RECORD);
        assertThrows(PolicyStore.UnreadableException.class, () -> unsure.find(DOMAIN));
        record("v=STSv1; id=2;");
        page = policy("none", "mx1.example.org");
        assertEquals(Optional.empty(), find(unsure, DOMAIN));
    }

    private Optional<StsPolicy> find() {
        return find(sts, DOMAIN);
    }

    private static Optional<StsPolicy> find(MtaSts sts, String domain) {
        try {
            return sts.find(domain);
        } catch (PolicyStore.UnreadableException e) {
            throw new AssertionError(e);
        }
    }

    private Optional<String> mx() {
        return find().map(policy -> policy.mx().getFirst());
    }

    private void record(String text) {
        server.forget(RECORD).txt(RECORD, text);
    }

    private MtaSts sts(Predicate<InetAddress> permitted, Optional<TrustOptions> trusted, Duration within) {
        return sts(permitted, trusted, within, store);
    }

    private MtaSts sts(Predicate<InetAddress> permitted, Optional<TrustOptions> trusted, Duration within, PolicyStore policies) {
        PolicyFetch fetch = new PolicyFetch(vertx, dns, permitted, trusted, https.actualPort(), within);
        opened.add(fetch);
        return new MtaSts(dns, fetch, policies, () -> now);
    }

    private static Consumer<HttpServerRequest> policy(String mode, String mx) {
        return request -> request.response().putHeader("Content-Type", "text/plain").end(text(mode, mx));
    }

    private static String text(String mode, String mx) {
        return "version: STSv1\nmode: " + mode + "\nmx: " + mx + "\nmax_age: 864000\n";
    }

    private static String pad(String text, int octets) {
        return text + "x".repeat(octets - text.length());
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
