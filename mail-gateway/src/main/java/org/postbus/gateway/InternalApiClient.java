package org.postbus.gateway;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The way to mailbox-service's internal API: a bounded pool of connections, the bearer token, time-outs. Short questions
 * and streamed content want a client each, so that slow readers of content cannot keep others from logging in.
 */
public final class InternalApiClient {

    private static final int CONNECT_MILLIS = 2_000;
    private static final int IDLE_SECONDS = 60;
    /** The kernel's own measure grows to many MiB for each message that a slow client holds up. */
    private static final int RECEIVE_OCTETS = 256 * 1024;

    private final HttpClient http;
    private final URI base;
    private final String authorization;

    /**
     * @param pool connections at most; as many requests again may wait for one
     */
    public InternalApiClient(Vertx vertx, InternalApi api, int pool) {
        this.base = api.url();
        this.authorization = "Bearer " + api.token();
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setMaxWaitQueueSize(pool)
                .setTcpNoDelay(true)
                .setReceiveBufferSize(RECEIVE_OCTETS)
                .setSsl(api.isEncrypted());
        // The host name is verified too: Vert.x does that by itself.
        api.authorities().ifPresent(options::setTrustOptions);
        this.http = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(pool));
    }

    /** An answer read whole. */
    public record Answer(int status, MultiMap headers, Buffer body) { }

    /**
     * Asks and reads the whole answer, which must be small. Fails, too, where the peer does not take our token: that says nothing
     * about what was asked.
     *
     * @param body   JSON, or empty for none
     * @param within how long the peer may stay silent
     */
    public Future<Answer> ask(HttpMethod method, String path, Buffer body, Duration within) {
        RequestOptions options = options(method, path).setIdleTimeout(within.toMillis());
        if (body.length() > 0) {
            options.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        }
        return request(options)
                .compose(request -> request.send(body))
                .compose(answer -> answer.body().map(whole -> new Answer(answer.statusCode(), answer.headers(), whole)))
                .compose(answer -> answer.headers().contains("WWW-Authenticate")
                        ? Future.failedFuture("mailbox-service does not take our token") : Future.succeededFuture(answer));
    }

    /**
     * Sends a GET for an answer that is streamed: it comes paused, and the caller bounds what follows. A time-out on
     * silence would also count the time in which the caller itself holds the stream.
     *
     * @param within how long the head of the answer may take
     */
    public Future<HttpClientResponse> stream(String path, Duration within) {
        return request(options(HttpMethod.GET, path)).compose(request -> {
            request.response().onSuccess(HttpClientResponse::pause);
            return request.send().timeout(within.toMillis(), TimeUnit.MILLISECONDS)
                    .onFailure(late -> request.reset());
        });
    }

    /** Closes every connection. */
    public Future<Void> close() {
        return http.close();
    }

    private Future<HttpClientRequest> request(RequestOptions options) {
        try {
            return http.request(options);
        } catch (IllegalStateException closed) {
            return Future.failedFuture(closed);
        }
    }

    private RequestOptions options(HttpMethod method, String path) {
        return new RequestOptions()
                .setMethod(method)
                .setHost(base.getHost())
                .setPort(port())
                .setURI(path)
                .setConnectTimeout(CONNECT_MILLIS)
                .putHeader(HttpHeaders.AUTHORIZATION, authorization);
    }

    private int port() {
        return base.getPort() >= 0 ? base.getPort() : base.getScheme().equals("https") ? 443 : 80;
    }
}
