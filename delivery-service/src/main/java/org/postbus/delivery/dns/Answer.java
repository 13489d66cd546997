package org.postbus.delivery.dns;

import java.util.List;
import java.util.function.Function;

/** What came of a question to the DNS. */
public sealed interface Answer<T> {

    /** @param records at least one */
    record Found<T>(List<T> records) implements Answer<T> {

        public Found {
            records = List.copyOf(records);
        }
    }

    /** The name exists, without records of the type. */
    record NoData<T>() implements Answer<T> {
    }

    /** The name does not exist (NXDOMAIN), or cannot exist. */
    record NoSuchDomain<T>() implements Answer<T> {
    }

    /**
     * Nobody knows: time-out, SERVFAIL, a chain of aliases without end. To be asked again later.
     *
     * @param reason for logs and the sender; no control characters
     */
    record Failed<T>(String reason) implements Answer<T> {
    }

    /** The answer with other records; what becomes of them may be none. */
    default <R> Answer<R> map(Function<List<T>, List<R>> records) {
        return switch (this) {
            case Found<T>(List<T> found) -> of(records.apply(found));
            case NoData<T>() -> new NoData<>();
            case NoSuchDomain<T>() -> new NoSuchDomain<>();
            case Failed<T>(String reason) -> new Failed<>(reason);
        };
    }

    private static <R> Answer<R> of(List<R> records) {
        return records.isEmpty() ? new NoData<>() : new Found<>(records);
    }
}
