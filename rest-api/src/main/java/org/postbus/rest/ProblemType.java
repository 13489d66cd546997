package org.postbus.rest;

import java.util.Locale;

/** Every error that the REST API answers (RFC 9457). The types are a contract: clients branch on them. */
public enum ProblemType {
    BAD_JSON(400, "The body is not the JSON that this operation takes"),
    BAD_ARCHIVE(400, "The body is not the mbox or tar that it claims to be, or breaks off"),
    INVALID(422, "A value is not allowed"),
    BAD_CURSOR(400, "The cursor was not made by this listing"),
    BAD_PARAMETER(400, "A query parameter is not allowed"),
    UNAUTHORIZED(401, "A valid bearer token is needed"),
    WRONG_CREDENTIALS(401, "Wrong name or password"),
    CROSS_ORIGIN(403, "Requests from pages of another origin are refused"),
    NOT_FOUND(404, "There is no such resource"),
    METHOD_NOT_ALLOWED(405, "The resource does not know this method"),
    NOT_ACCEPTABLE(406, "The resource has no such representation"),
    ALREADY_EXISTS(409, "The name is taken"),
    DOMAIN_NOT_EMPTY(409, "The domain is still in use"),
    NOT_REPLAYABLE(409, "The dead letter cannot be replayed"),
    POSTMASTER_NEEDED(409, "The account is the postmaster of a domain"),
    GONE(410, "The session has ended"),
    BODY_TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body has a media type that this operation does not take"),
    UNKNOWN_DOMAIN(422, "The domain is not local"),
    ALIAS_CYCLE(422, "The alias would lead back to itself"),
    IN_USE(423, "The maildrop is in use by another session"),
    BAD_REQUEST(400, "The request is not well formed"),
    TOO_MANY_FAILURES(429, "Too many wrong passwords, try again later"),
    INTERNAL(500, "The server failed; its log says why"),
    UNAVAILABLE(503, "Try again later");

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The URI that names the type for ever. */
    public String uri() {
        return "urn:postbus:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @param detail one sentence about this occurrence; never a secret, never a stack trace */
    public ProblemException because(String detail) {
        return new ProblemException(new Problem(this, detail));
    }
}
