package org.postbus.events;

import java.util.List;

/**
 * What a content filter wants of a mail's header section.
 *
 * @param added   complete fields, each ending in CRLF, to stand above all others; may be empty
 * @param removed names of fields to leave out of the mail data
 */
public record HeaderEdits(String added, List<String> removed) {

    public static final HeaderEdits NONE = new HeaderEdits("", List.of());

    public HeaderEdits {
        removed = List.copyOf(removed);
    }
}
