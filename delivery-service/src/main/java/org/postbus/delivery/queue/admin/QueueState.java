package org.postbus.delivery.queue.admin;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a recipient stands in the queue. */
public enum QueueState {
    /** For its next attempt. */
    WAITING,
    /** An instance has claimed it. */
    ATTEMPTING,
    /** By an operator: it is neither attempted nor does it expire. */
    HELD,
    /** The last octets of its large mail have not come yet. */
    ARRIVING;

    /** The word of a row of {@code recipient r}. */
    static final String SQL = """
            CASE WHEN r.claimed_by IS NOT NULL THEN 'attempting' WHEN r.held THEN 'held'
                WHEN r.next_attempt_at = 'infinity' THEN 'arriving' ELSE 'waiting' END""";

    /** As the API spells it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<QueueState> of(String word) {
        return Arrays.stream(values()).filter(state -> state.word().equals(word)).findFirst();
    }
}
