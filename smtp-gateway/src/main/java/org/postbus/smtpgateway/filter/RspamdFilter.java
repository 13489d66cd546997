package org.postbus.smtpgateway.filter;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Asks Rspamd by its HTTP protocol ({@code POST /checkv2}). A mail of one chunk goes with its length, a larger one chunk by
 * chunk, with as much of it in memory as Rspamd is slow to take. Each has a connection of its own: one that is used again may be
 * closing at the other end just then, and half a mail cannot be sent twice.
 */
public final class RspamdFilter implements ContentFilter {

    private static final int CONNECT_MILLIS = 2_000;
    /** Large mails at once: they come at their clients' pace, and must not take the places of others. Each holds a chunk of memory. */
    private static final int STREAMS = 1000;
    /** An answer lists symbols and fields; more than so much is none. */
    private static final int MAX_ANSWER = 1024 * 1024;

    private final Vertx vertx;
    private final Filtering filtering;
    private final HttpClient whole;
    private final HttpClient streamed;
    private final URI url;
    private final Duration within;

    /**
     * @param url         of the normal worker or the proxy worker, for example {@code http://localhost:11333}
     * @param connections for mails of one chunk, at most; how many mails wait for one is bounded by the memory that they hold
     * @param within      how long an answer may take, from the end of the mail; and before that, each chunk
     */
    RspamdFilter(Vertx vertx, URI url, int connections, Duration within, Filtering filtering) {
        this.vertx = vertx;
        this.url = url;
        this.within = within;
        this.filtering = filtering;
        HttpClientOptions options = new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS).setTcpNoDelay(true).setKeepAlive(false);
        this.whole = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(connections));
        this.streamed = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(STREAMS));
    }

    @Override
    public Inspection begin(MailFacts mail) {
        return new Question(mail);
    }

    private Future<HttpClientRequest> request(HttpClient http, MailFacts mail) {
        int port = url.getPort() >= 0 ? url.getPort() : 80;
        return http.request(new RequestOptions().setMethod(HttpMethod.POST).setHost(url.getHost()).setPort(port)
                .setURI("/checkv2").setConnectTimeout(within.toMillis())).map(request -> {
                    request.putHeader("IP", mail.client().getHostAddress()).putHeader("Queue-Id", mail.mailId())
                            .putHeader("From", header(mail.reversePath())).putHeader("MTA-Name", mail.hostname());
                    mail.heloName().ifPresent(name -> request.putHeader("Helo", header(name)));
                    mail.login().ifPresent(name -> request.putHeader("User", header(name)));
                    mail.tls().ifPresent(tls -> request.putHeader("TLS-Version", tls.version()).putHeader("TLS-Cipher", tls.cipher()));
                    request.headers().add("Rcpt", mail.recipients().stream().map(RspamdFilter::header).toList());
                    return request;
                });
    }

    /** A header of HTTP bears octets: UTF-8 goes as such. */
    private static String header(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private final class Question implements Inspection {

        private final MailFacts mail;
        private Optional<byte[]> first = Optional.empty();
        private Optional<Future<HttpClientRequest>> open = Optional.empty();
        private final Promise<Verdict> verdict = Promise.promise();

        private Question(MailFacts mail) {
            this.mail = mail;
        }

        @Override
        public Future<Void> chunk(byte[] octets) {
            if (open.isEmpty() && first.isEmpty()) {
                first = Optional.of(octets);
                return Future.succeededFuture();
            }
            if (open.isEmpty()) {
                Future<HttpClientRequest> request = request(streamed, mail).map(begun -> begun.setChunked(true)).onSuccess(this::listen);
                open = Optional.of(request);
                byte[] before = first.orElseThrow();
                first = Optional.empty();
                return write(before).compose(ignored -> write(octets));
            }
            return write(octets);
        }

        private Future<Void> write(byte[] octets) {
            return open.orElseThrow().compose(request -> {
                Future<Void> written = request.write(Buffer.buffer(Unpooled.wrappedBuffer(octets)));
                return request.writeQueueFull() ? written : Future.<Void>succeededFuture();
            }).timeout(within.toMillis(), TimeUnit.MILLISECONDS).onFailure(broken -> {
                verdict.tryFail(broken);
                abandon();
            }).otherwiseEmpty();
        }

        private void listen(HttpClientRequest request) {
            request.response().compose(RspamdFilter.this::answer).onSuccess(verdict::tryComplete).onFailure(verdict::tryFail);
        }

        @Override
        public Future<Verdict> end() {
            Future<HttpClientRequest> request = open.orElseGet(() -> request(whole, mail).onSuccess(this::listen));
            open = Optional.of(request);
            Future<Void> sent = request.compose(begun -> first.isPresent()
                    ? begun.end(Buffer.buffer(Unpooled.wrappedBuffer(first.get()))) : begun.end());
            sent.onFailure(verdict::tryFail);
            return filtering.concluded(verdict.future().timeout(within.toMillis(), TimeUnit.MILLISECONDS)
                    .onFailure(late -> abandon()), mail.mailId());
        }

        @Override
        public void abandon() {
            open.ifPresent(request -> request.onSuccess(HttpClientRequest::reset));
            verdict.tryFail("abandoned");
        }
    }

    private Future<Verdict> answer(HttpClientResponse response) {
        Buffer body = Buffer.buffer();
        Promise<Verdict> promise = Promise.promise();
        response.handler(part -> {
            body.appendBuffer(part);
            if (body.length() > MAX_ANSWER) {
                promise.tryFail("an answer of over " + MAX_ANSWER + " octets");
                response.request().reset();
            }
        });
        response.exceptionHandler(promise::tryFail);
        response.endHandler(end -> {
            if (response.statusCode() == 200) {
                RspamdAnswer.verdict(body).onSuccess(promise::tryComplete).onFailure(promise::tryFail);
            } else {
                promise.tryFail("Rspamd answered " + response.statusCode());
            }
        });
        return promise.future();
    }
}
