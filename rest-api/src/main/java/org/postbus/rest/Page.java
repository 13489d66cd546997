package org.postbus.rest;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One page of a listing.
 *
 * @param next the cursor of the next page; null on the last one
 */
public record Page<T>(List<T> items,
        @Schema(type = org.eclipse.microprofile.openapi.annotations.enums.SchemaType.STRING, nullable = true)
        Optional<String> next) {

    public Page {
        items = List.copyOf(items);
    }

    /**
     * Cuts a page from rows of which one more than the page holds was asked for.
     *
     * @param key what the listing is ordered by, of one row
     */
    public static <R, T> Page<T> of(List<R> rows, PageRequest request, Function<R, String> key, Function<R, T> view) {
        List<R> page = rows.subList(0, Math.min(rows.size(), request.limit()));
        Optional<String> next = rows.size() > request.limit() ? Optional.of(Cursor.encode(key.apply(page.getLast())))
                : Optional.empty();
        return new Page<>(page.stream().map(view).toList(), next);
    }
}
