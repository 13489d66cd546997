package org.postbus.mailbox.filing;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A chunk of a large mail with what its record tells beside it.
 *
 * @param envelope the routed envelope as JSON, with chunk 0 alone
 * @param at       the record's time, but never later than now: a record from the future must not age the others
 */
record ArrivedChunk(UUID mailId, int n, byte[] data, Optional<byte[]> envelope, int partition, Instant at) {
}
