package org.postbus.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.gateway.InternalApiClient.Answer;

/** What the gateways make of mailbox-service's answers. */
class InternalAnswersTest {

    private static final URI ANYWHERE = URI.create("http://localhost:1");

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path folder;

    @AfterEach
    void end() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void anAnswerOfWrongCredentialsIsAnAnswer() throws Exception {
        assertEquals(401, ask(answering(401, false)).status());
    }

    /** It says nothing about the person who logs in: to him it must not look like a wrong password. */
    @Test
    void aTokenThatIsNotTakenIsNoAnswer() throws Exception {
        HttpServer server = answering(401, true);
        CompletionException failure = assertThrows(CompletionException.class, () -> ask(server));
        assertEquals("mailbox-service does not take our token", failure.getCause().getMessage());
    }

    @Test
    void theFirstTokenOfAFileIsOurs() throws IOException {
        assertEquals("new", InternalApi.of(ANYWHERE, Optional.of(file("two", "\nnew \nold\n")), Optional.empty()).token());
        Optional<Path> none = Optional.of(file("none", " \n"));
        assertThrows(IllegalArgumentException.class, () -> InternalApi.of(ANYWHERE, none, Optional.empty()));
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private HttpServer answering(int status, boolean wantsToken) throws Exception {
        return done(vertx.createHttpServer().requestHandler(request -> {
            if (wantsToken) {
                request.response().putHeader("WWW-Authenticate", "Bearer");
            }
            request.response().setStatusCode(status).end();
        }).listen(0, "127.0.0.1"));
    }

    private Answer ask(HttpServer server) {
        return done(new InternalApiClient(vertx,
                new InternalApi(URI.create("http://127.0.0.1:" + server.actualPort()), "token", Optional.empty()), 1)
                .ask(HttpMethod.POST, "/", Buffer.buffer(), Duration.ofSeconds(10)));
    }

    private static <T> T done(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
