package org.postbus.consumer;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a poll loop fares, as of its last turn.
 *
 * @param group      the consumer group
 * @param applied    next offset of each partition it applies
 * @param stalled    partitions that it stopped because records are missing, with why
 * @param lag        records written and not applied, over its partitions
 * @param oldest     when the oldest record was written that it has in hand and could not apply yet
 * @param trouble    why nothing moves: the infrastructure failure that it is waiting out
 * @param alive      whether its thread runs; false for good after an {@link Error}
 */
public record LoopStatus(String group, Map<Integer, Long> applied, Map<Integer, String> stalled, long lag,
        Optional<Instant> oldest, Optional<String> trouble, boolean alive) {

    /** Whether it applies all that comes. */
    public boolean healthy() {
        return alive && trouble.isEmpty() && stalled.isEmpty();
    }

    /** Partitions that this instance applies. */
    public Set<Integer> partitions() {
        return applied.keySet();
    }

    /** How long the oldest record in hand has been waiting; zero when there is none. */
    public Duration lagAge(Instant now) {
        return oldest.map(at -> Duration.between(at, now)).filter(Duration::isPositive).orElse(Duration.ZERO);
    }

    static LoopStatus starting(String group) {
        return new LoopStatus(group, Map.of(), Map.of(), 0, Optional.empty(), Optional.of("starting"), true);
    }
}
