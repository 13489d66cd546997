package org.postbus.smtpgateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** mailbox-service as far as logins need it: the real HTTP, and accounts in memory. */
final class StubMailbox implements AutoCloseable {

    static final String TOKEN = "internal";

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, Account> accounts = new ConcurrentHashMap<>();
    private final HttpServer server;
    /** What is answered to everything, unless 0. */
    volatile int status;

    /** Logins that were asked about. */
    final AtomicInteger asked = new AtomicInteger();

    private record Account(UUID id, String password) {}

    StubMailbox() {
        try {
            server = vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1")
                    .toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    void account(String address, UUID id, String password) {
        accounts.put(address, new Account(id, password));
    }

    private void answer(HttpServerRequest request) {
        boolean right = request.path().equals("/internal/v1/credentials") && ("Bearer " + TOKEN).equals(request.getHeader("Authorization"));
        asked.incrementAndGet();
        request.body().onSuccess(body -> {
            if (status != 0 || !right) {
                request.response().setStatusCode(right ? status : 404).end();
                return;
            }
            JsonObject offer = body.toJsonObject();
            Account account = accounts.get(offer.getString("name"));
            if (account == null || !account.password().equals(offer.getString("password"))) {
                request.response().setStatusCode(401).end();
            } else {
                request.response().end(new JsonObject().put("accountId", account.id().toString())
                        .put("address", offer.getString("name")).toBuffer());
            }
        });
    }

    @Override
    public void close() {
        vertx.close();
    }
}
