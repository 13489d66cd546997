package org.postbus.mailbox.maildrop;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.postbus.events.Topics;

/**
 * Whether what the database says about a maildrop is all that was promised. One that was restored to a point in time, or a
 * standby that took over, may lack deletions that QUIT's +OK promised, and the locks of the sessions that promised them,
 * which would make the next session wait; the event log has them all. A database comes back only by a start of its server: so
 * in each life of the server {@code maildrop.updated} must have been applied to its end once before its maildrops are
 * believed, and as long as the lease of a lost lock may run, every time.
 */
final class DatabaseLives {

    private final Map<Integer, Instant> believed = new ConcurrentHashMap<>();
    /** As Kafka told last: to believe what is believed already must not need Kafka. */
    private volatile int partitions;

    /**
     * The server's present life.
     *
     * @param begin   names it; by the server's clock
     * @param settled whether no lease of an earlier life can still run
     */
    record Life(Instant begin, boolean settled) {
    }

    /** The begin of the life in which the account's maildrop is believed; empty before the first. */
    Optional<Instant> believed(UUID accountId) {
        int count = partitions;
        return count == 0 ? Optional.empty()
                : Optional.ofNullable(believed.get(Topics.partition(accountId.toString(), count)));
    }

    boolean isBelieved(UUID accountId, Life life) {
        return believed(accountId).filter(life.begin()::equals).isPresent();
    }

    /** In this life the account's partition, of so many, was applied up to an end that was read in it. */
    void caughtUp(UUID accountId, int count, Life life) {
        partitions = count;
        if (life.settled()) {
            believed.put(Topics.partition(accountId.toString(), count), life.begin());
        }
    }
}
