package org.postbus.rest;

import java.util.Optional;
import java.util.UUID;

/** Ids that clients send. */
public final class Uuids {

    private static final String FORM = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    private Uuids() {
    }

    /**
     * Part of a path.
     *
     * @throws ProblemException it is no id, so there is no such resource
     */
    public static UUID path(String text) {
        return parse(text).orElseThrow(() -> ProblemType.NOT_FOUND.because("an id has the form of a UUID"));
    }

    /**
     * The key of a cursor.
     *
     * @throws ProblemException it is none of ours
     */
    public static UUID cursor(String text) {
        return parse(text).orElseThrow(() -> ProblemType.BAD_CURSOR.because("the cursor is of another listing"));
    }

    /** A value; empty where it is no id. */
    public static Optional<UUID> given(String text) {
        return parse(text);
    }

    private static Optional<UUID> parse(String text) {
        return text.matches(FORM) ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }
}
