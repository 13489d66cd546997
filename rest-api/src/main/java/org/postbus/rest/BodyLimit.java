package org.postbus.rest;

import io.quarkus.arc.All;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps request bodies small. A body whose declared length is over the limit is refused before one octet of it
 * is read; one without a declared length is read up to the limit. What an operation reads as a stream has {@linkplain AnySize any size}.
 */
@Provider
public class BodyLimit implements ReaderInterceptor {

    /** Ahead of Quarkus's own limit, whose answer has no body. */
    private static final int BEFORE_ALL = 1000;

    /** Octets of the largest body: every operation takes far less. */
    static final long LIMIT = 1024 * 1024;

    private final List<StreamedRoute> streamed;

    public BodyLimit(@All List<StreamedRoute> streamed) {
        this.streamed = streamed;
    }

    void declared(@Observes Filters filters) {
        filters.register(this::refuseDeclared, BEFORE_ALL);
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        if (Stream.of(context.getAnnotations()).noneMatch(AnySize.class::isInstance)) {
            context.setInputStream(new Limited(context.getInputStream(), LIMIT));
        }
        return context.proceed();
    }

    private void refuseDeclared(RoutingContext exchange) {
        if (declaredLength(exchange) <= LIMIT || isStreamed(exchange)) {
            exchange.next();
            return;
        }
        ProblemType type = ProblemType.BODY_TOO_LARGE;
        exchange.response().setStatusCode(type.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CONNECTION, "close")
                .end(new JsonObject().put("type", type.uri()).put("title", type.title()).put("status", type.status())
                        .put("detail", "the body is over " + LIMIT + " octets").encode());
    }

    private boolean isStreamed(RoutingContext exchange) {
        String method = exchange.request().method().name();
        return streamed.stream().anyMatch(route -> route.is(method, exchange.normalizedPath()));
    }

    private static long declaredLength(RoutingContext exchange) {
        String length = exchange.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null || !length.matches("[0-9]{1,18}") ? 0 : Long.parseLong(length);
    }

    private static final class Limited extends FilterInputStream {

        private long left;

        Limited(InputStream in, long limit) {
            super(in);
            this.left = limit;
        }

        @Override
        public int read() throws IOException {
            int octet = super.read();
            spend(octet < 0 ? 0 : 1);
            return octet;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            spend(Math.max(count, 0));
            return count;
        }

        private void spend(int octets) {
            left -= octets;
            if (left < 0) {
                throw new WebApplicationException(ProblemType.BODY_TOO_LARGE.status());
            }
        }
    }
}
