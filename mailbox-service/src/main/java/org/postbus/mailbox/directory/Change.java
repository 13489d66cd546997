package org.postbus.mailbox.directory;

import java.util.OptionalLong;

/**
 * What a committed operation did.
 *
 * @param view    what the client sees
 * @param version of the last record that the operation put into the outbox; empty if the directory did not change
 */
public record Change<T>(T view, OptionalLong version) {

    public static <T> Change<T> published(T view, long version) {
        return new Change<>(view, OptionalLong.of(version));
    }

    public static <T> Change<T> quiet(T view) {
        return new Change<>(view, OptionalLong.empty());
    }
}
