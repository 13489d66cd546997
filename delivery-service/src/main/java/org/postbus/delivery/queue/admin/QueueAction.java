package org.postbus.delivery.queue.admin;

import java.time.Instant;
import java.util.List;

/** What an operator does to recipients in the queue. */
enum QueueAction {
    /** The next attempt is due now. */
    RETRY,
    /** No attempt, and no end, until it is released. */
    HOLD,
    /** The end of holding: the next attempt is due now. */
    RELEASE,
    /** It leaves the queue. */
    CANCEL;

    /** Whom it would change, were they not being attempted: a condition for {@code recipient r}. */
    QueueFilter.Sql meant(Instant now) {
        return switch (this) {
            case RETRY -> new QueueFilter.Sql(" AND NOT r.held AND (r.claimed_by IS NOT NULL OR r.next_attempt_at > ?::timestamptz)",
                    List.of(now.toString()));
            case HOLD -> new QueueFilter.Sql(" AND NOT r.held", List.of());
            case RELEASE -> new QueueFilter.Sql(" AND r.held", List.of());
            case CANCEL -> new QueueFilter.Sql("", List.of());
        };
    }
}
