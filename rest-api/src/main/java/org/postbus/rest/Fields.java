package org.postbus.rest;

import java.util.Optional;

/** Checks of what a JSON body must have. */
public final class Fields {

    private Fields() {
    }

    /** The body itself: an empty one, or {@code null}, is none. */
    public static <T> T body(T body) {
        return Optional.ofNullable(body).orElseThrow(() -> ProblemType.BAD_JSON.because("a JSON object is needed"));
    }

    /** A field without which the operation makes no sense. */
    public static <T> T required(String name, T value) {
        return Optional.ofNullable(value).orElseThrow(() -> ProblemType.INVALID.because("the field " + name + " is needed"));
    }
}
