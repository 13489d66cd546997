package org.postbus.rest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.vertx.core.http.HttpClosedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.postbus.consumer.InfrastructureFailure;

/** Turns whatever a request ends with into a problem; nothing of the server's inside gets out. */
public final class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    @ServerExceptionMapper
    public Response problem(ProblemException e) {
        return e.problem().response();
    }

    @ServerExceptionMapper
    public Response unrecognized(UnrecognizedPropertyException e) {
        return answer(ProblemType.BAD_JSON, "unknown field " + quoted(e.getPropertyName()));
    }

    @ServerExceptionMapper
    public Response mismatched(MismatchedInputException e) {
        return badJson(e);
    }

    @ServerExceptionMapper
    public Response json(JacksonException e) {
        return badJson(e);
    }

    @ServerExceptionMapper
    public Response notFound(NotFoundException e) {
        return answer(ProblemType.NOT_FOUND, "nothing is here");
    }

    @ServerExceptionMapper
    public Response webApplication(WebApplicationException e) {
        return switch (e.getResponse().getStatus()) {
            case 400 -> e.getCause() instanceof JacksonException json ? badJson(json)
                    : answer(ProblemType.BAD_REQUEST, "the request cannot be read");
            case 404 -> answer(ProblemType.NOT_FOUND, "nothing is here");
            case 405 -> answer(ProblemType.METHOD_NOT_ALLOWED, "see the API description at /q/openapi");
            case 406 -> answer(ProblemType.NOT_ACCEPTABLE, "see the API description at /q/openapi");
            case 413 -> answer(ProblemType.BODY_TOO_LARGE, "the body is over the limit");
            case 415 -> answer(ProblemType.UNSUPPORTED_MEDIA_TYPE, "see the API description at /q/openapi");
            default -> unexpected(e);
        };
    }

    @ServerExceptionMapper
    public Response events(InfrastructureFailure e) {
        LOG.warnf("a request failed at Kafka: %s", e.getMessage());
        return answer(ProblemType.UNAVAILABLE, "the event log does not answer");
    }

    @ServerExceptionMapper
    public Response unexpected(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return problem.problem().response();
            }
        }
        if (isOutage(e)) {
            LOG.warnf("PostgreSQL does not answer: %s", e.getMessage());
            return answer(ProblemType.UNAVAILABLE, "the database does not answer");
        }
        if (isGone(e)) {
            LOG.debugf("a client did not wait for its answer: %s", e.getMessage());
            return answer(ProblemType.INTERNAL, "nobody hears this");
        }
        String incident = UUID.randomUUID().toString();
        LOG.errorf(e, "request failed, incident %s", incident);
        return answer(ProblemType.INTERNAL, "incident " + incident);
    }

    /** Whoever asked has closed the connection: it has enough, as TOP has of a large message, or is gone. */
    private static boolean isGone(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> cause instanceof ClosedChannelException || cause instanceof HttpClosedException);
    }

    /** No connection, no resources, or an operator's intervention: SQLSTATE classes 08, 53 and 57; or none came in time. */
    private static boolean isOutage(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && (sql instanceof SQLTransientException || sql.getSQLState() == null
                    || sql.getSQLState().matches("(08|53|57).*"))) {
                return true;
            }
        }
        return false;
    }

    private static Response badJson(JacksonException e) {
        String where = e instanceof JsonMappingException mapping ? path(mapping) : "";
        String line = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
        return answer(ProblemType.BAD_JSON, where.isEmpty() ? "the body cannot be read as JSON" + line
                : "the field " + quoted(where) + " has a value of the wrong kind");
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
    }

    /** What a client wrote, in an answer to it: short and without control characters. */
    private static String quoted(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return "\"" + (clean.length() > 60 ? clean.substring(0, 60) + "…" : clean) + "\"";
    }

    private static Response answer(ProblemType type, String detail) {
        return new Problem(type, detail).response();
    }
}
