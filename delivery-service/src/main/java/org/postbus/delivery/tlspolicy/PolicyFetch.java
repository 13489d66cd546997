package org.postbus.delivery.tlspolicy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.postbus.delivery.dns.Answer;
import org.postbus.delivery.dns.Dns;

/**
 * Fetches policies from {@code https://mta-sts.DOMAIN/.well-known/mta-sts.txt} (RFC 8461, section 3.3): the certificate has to be
 * good, redirects are not followed, and only addresses are connected to that the guard lets pass.
 */
public final class PolicyFetch implements AutoCloseable {

    /** For the addresses, all tries and the answer. */
    static final Duration WITHIN = Duration.ofSeconds(60);
    static final int MAX_OCTETS = 64 * 1024;
    private static final int MAX_ADDRESSES = 4;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int HTTPS = 443;

    private final Dns dns;
    private final Predicate<InetAddress> permitted;
    private final HttpClient client;
    private final int port;
    private final Duration within;

    /** Why there is no policy; for a log line. */
    static final class FailedException extends Exception {

        FailedException(String message) {
            super(message);
        }
    }

    /**
     * @param permitted which addresses may be connected to
     * @param trust     who may issue certificates; empty: whom the JVM trusts
     */
    public PolicyFetch(Vertx vertx, Dns dns, Predicate<InetAddress> permitted, Optional<TrustOptions> trust) {
        this(vertx, dns, permitted, trust, HTTPS, WITHIN);
    }

    PolicyFetch(Vertx vertx, Dns dns, Predicate<InetAddress> permitted, Optional<TrustOptions> trust, int port, Duration within) {
        HttpClientOptions options = new HttpClientOptions().setSsl(true).setVerifyHost(true).setForceSni(true).setKeepAlive(false)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3")).setConnectTimeout(CONNECT_MILLIS);
        trust.ifPresent(options::setTrustOptions);
        this.client = vertx.createHttpClient(options);
        this.dns = dns;
        this.permitted = permitted;
        this.port = port;
        this.within = within;
    }

    /** @throws FailedException whatever keeps it from being fetched and read */
    StsPolicy of(String domain) throws FailedException {
        String host = "mta-sts." + domain;
        long end = System.nanoTime() + within.toNanos();
        FailedException failure = new FailedException("no time was left");
        for (InetAddress address : addresses(host)) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                break;
            }
            try {
                return StsPolicy.parse(get(host, address, left)).orElseThrow(() -> new FailedException("it is no policy"));
            } catch (FailedException e) {
                failure = e;
            }
        }
        throw failure;
    }

    /** Ends open fetches, which fail. */
    @Override
    public void close() {
        client.close();
    }

    private List<InetAddress> addresses(String host) throws FailedException {
        return switch (dns.addresses(host)) {
            case Answer.Found<InetAddress>(List<InetAddress> all) -> {
                List<InetAddress> chosen = all.stream().filter(permitted).limit(MAX_ADDRESSES).toList();
                if (chosen.isEmpty()) {
                    throw new FailedException("no address of " + host + " may be connected to");
                }
                yield chosen;
            }
            case Answer.Failed<InetAddress>(String reason) -> throw new FailedException(host + ": " + reason);
            case Answer.NoData<InetAddress> _, Answer.NoSuchDomain<InetAddress> _ ->
                    throw new FailedException(host + " has no address");
        };
    }

    private String get(String host, InetAddress address, long millis) throws FailedException {
        RequestOptions options = new RequestOptions().setMethod(HttpMethod.GET).setSsl(true).setHost(host).setPort(port)
                .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress())).setURI("/.well-known/mta-sts.txt")
                .setFollowRedirects(false);
        try {
            return client.request(options).compose(request -> exchange(request, millis)).toCompletionStage()
                    .toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new FailedException(reason(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailedException("interrupted");
        }
    }

    /** The cause behind what only says that TLS failed. */
    private static String reason(Throwable failure) {
        return failure.getCause() == null ? String.valueOf(failure.getMessage()).replaceAll("[^ -~]", "?")
                : reason(failure.getCause());
    }

    /** Within the time as a whole: a server that sends octet by octet is left. */
    private static Future<String> exchange(HttpClientRequest request, long millis) {
        return request.send().compose(PolicyFetch::body).timeout(millis, TimeUnit.MILLISECONDS)
                .onFailure(failure -> request.connection().close());
    }

    private static Future<String> body(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            return Future.failedFuture("status " + response.statusCode());
        }
        String type = Optional.ofNullable(response.getHeader("Content-Type")).orElse("");
        if (!type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("text/plain")) {
            return Future.failedFuture("it is not text/plain");
        }
        Promise<String> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        response.handler(part -> {
            if (body.length() + part.length() > MAX_OCTETS) {
                whole.tryFail("more than " + MAX_OCTETS + " octets");
            } else {
                body.appendBuffer(part);
            }
        });
        response.exceptionHandler(whole::tryFail);
        response.endHandler(ended -> whole.tryComplete(body.toString(StandardCharsets.UTF_8)));
        return whole.future();
    }
}
