package org.postbus.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.protocol.tls.TestCertificate;

/** Under TLS the token goes to nobody but mailbox-service. */
class InternalApiClientTest {

    private static final String TOKEN = "internal-0123456789";

    @TempDir
    private static Path folder;
    private static Path token;
    private static TestCertificate localhost;
    private static TestCertificate another;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger requests = new AtomicInteger();

    @BeforeAll
    static void prepare() throws Exception {
        token = Files.writeString(folder.resolve("token"), TOKEN + "\n");
        localhost = TestCertificate.make(folder, "localhost");
        another = TestCertificate.make(folder, "localhost");
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void asks_a_server_whose_certificate_an_authority_of_the_file_has_signed() throws Exception {
        URI url = serve(localhost);
        Optional<String> answer = Optional.empty();
        // On a busy machine the first handshake of a JVM may take longer than a connection may.
        for (int attempt = 0; answer.isEmpty() && attempt < 10; attempt++) {
            answer = ask(url, Optional.of(localhost.certificates()));
        }
        assertEquals(Optional.of("Bearer " + TOKEN), answer);
    }

    @Test
    void does_not_ask_a_server_that_others_vouch_for() throws Exception {
        refuses(serve(localhost), Optional.of(another.certificates()));
    }

    @Test
    void does_not_ask_a_server_of_another_name() throws Exception {
        TestCertificate certificate = TestCertificate.make(folder, "elsewhere.test");
        refuses(serve(certificate), Optional.of(certificate.certificates()));
    }

    @Test
    void without_a_file_trusts_whom_the_jvm_trusts() throws Exception {
        refuses(serve(localhost), Optional.empty());
    }

    @Test
    void a_file_that_can_protect_nothing_is_said_at_the_start() throws Exception {
        Path authorities = localhost.certificates();
        Path text = Files.writeString(folder.resolve("text"), "none");
        says("postbus.internal-ca-file is set, and postbus.internal-url is not https", "http://localhost:1", authorities);
        says("postbus.internal-ca-file: cannot read", "https://localhost:1", text);
        says("postbus.internal-ca-file: cannot read", "https://localhost:1", folder.resolve("missing"));
    }

    private void says(String message, String url, Path authorities) {
        String said = assertThrows(IllegalArgumentException.class,
                () -> InternalApi.of(URI.create(url), Optional.of(token), Optional.of(authorities))).getMessage();
        assertTrue(said.startsWith(message), said);
    }

    private void refuses(URI url, Optional<Path> authorities) throws Exception {
        assertEquals(Optional.empty(), ask(url, authorities));
        assertEquals(0, requests.get());
    }

    /** The Authorization field that the server was sent; empty where there is no connection. */
    private Optional<String> ask(URI url, Optional<Path> authorities) throws Exception {
        InternalApiClient client = new InternalApiClient(vertx, InternalApi.of(url, Optional.of(token), authorities), 1);
        return await(client.ask(HttpMethod.POST, "/", Buffer.buffer(), Duration.ofSeconds(20))
                .map(answer -> Optional.of(answer.body().toString())).otherwise(Optional.empty()));
    }

    private URI serve(TestCertificate certificate) throws Exception {
        HttpServer server = await(vertx.createHttpServer(new HttpServerOptions().setSsl(true)
                .setKeyCertOptions(new PfxOptions().setPath(certificate.store().toString()).setPassword(certificate.password())))
                .requestHandler(request -> {
                    requests.incrementAndGet();
                    request.response().end(request.getHeader("Authorization"));
                }).listen(0, "localhost"));
        return URI.create("https://localhost:" + server.actualPort());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
