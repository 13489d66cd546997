package org.postbus.consumer;

import java.util.Optional;

/**
 * How far a partition is applied.
 *
 * @param nextOffset  the first offset not applied yet
 * @param leaderEpoch of the last record applied, by which a truncated log is told from a grown one; empty before any
 */
public record Position(long nextOffset, Optional<Integer> leaderEpoch) {
}
