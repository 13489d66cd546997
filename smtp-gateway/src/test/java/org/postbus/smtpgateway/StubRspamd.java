package org.postbus.smtpgateway;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.util.concurrent.TimeUnit;

/** An Rspamd that says what it is told to say. */
final class StubRspamd implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    volatile String answer = "{\"action\":\"no action\"}";
    volatile int status = 200;
    volatile boolean silent;
    volatile Buffer mail = Buffer.buffer();
    volatile MultiMap headers = MultiMap.caseInsensitiveMultiMap();

    StubRspamd() {
        try {
            server = vertx.createHttpServer().requestHandler(request -> request.body().onSuccess(body -> {
                mail = body;
                headers = request.headers();
                if (!silent) {
                    request.response().setStatusCode(status).end(answer);
                }
            })).listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    @Override
    public void close() {
        vertx.close();
    }
}
