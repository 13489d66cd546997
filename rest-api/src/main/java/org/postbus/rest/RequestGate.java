package org.postbus.rest;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.util.Optional;
import org.postbus.rest.Tokens;

/**
 * Asks for the bearer token: twice. Before matching the request's path decides, so that nobody without a token
 * learns which routes there are. After matching the resource itself decides, so that no odd spelling of a path
 * gets past the first.
 */
public final class RequestGate {

    static final String ADMIN = "/api/v1";
    static final String INTERNAL = "/internal/v1";

    private static final String BEARER = "bearer ";

    private RequestGate() {
    }

    /** Judges by the request's path. */
    @Provider
    @PreMatching
    @Priority(Priorities.AUTHENTICATION)
    public static class ByPath implements ContainerRequestFilter {

        private final Tokens tokens;

        public ByPath(Tokens tokens) {
            this.tokens = tokens;
        }

        @Override
        public void filter(ContainerRequestContext request) {
            String path = request.getUriInfo().getPath();
            judge(path.startsWith("/") ? path : "/" + path, request, tokens);
        }
    }

    /** Judges by the resource that is about to answer. */
    @Provider
    @Priority(Priorities.AUTHENTICATION)
    public static class ByResource implements ContainerRequestFilter {

        private final Tokens tokens;

        @Context
        ResourceInfo resource;

        public ByResource(Tokens tokens) {
            this.tokens = tokens;
        }

        @Override
        public void filter(ContainerRequestContext request) {
            Path path = resource.getResourceClass().getAnnotation(Path.class);
            if (path != null) {
                judge(path.value(), request, tokens);
            }
        }
    }

    private static void judge(String path, ContainerRequestContext request, Tokens tokens) {
        if (path.startsWith(ADMIN)) {
            admit(tokens.isAdmin(token(request)), request);
        } else if (path.startsWith(INTERNAL)) {
            admit(tokens.isInternal(token(request)), request);
        }
    }

    private static void admit(boolean known, ContainerRequestContext request) {
        if (!known) {
            request.abortWith(new Problem(ProblemType.UNAUTHORIZED,
                    "send the header Authorization: Bearer and the token").response());
        } else if (isCrossOrigin(request)) {
            request.abortWith(new Problem(ProblemType.CROSS_ORIGIN, "the Origin is not this server").response());
        }
    }

    private static Optional<String> token(ContainerRequestContext request) {
        return Optional.ofNullable(request.getHeaderString(HttpHeaders.AUTHORIZATION))
                .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(value -> value.substring(BEARER.length()).strip());
    }

    /** Browsers name the origin of the page that asks; other clients send none. */
    private static boolean isCrossOrigin(ContainerRequestContext request) {
        String origin = request.getHeaderString("Origin");
        String host = request.getHeaderString(HttpHeaders.HOST);
        return origin != null && !origin.equalsIgnoreCase("http://" + host) && !origin.equalsIgnoreCase("https://" + host);
    }
}
