package org.postbus.mailbox.maildrop;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.postbus.consumer.Position;
import org.postbus.consumer.Positions;
import org.postbus.events.Topics;
import org.postbus.mailbox.database.Database;

/** Knows how far {@code maildrop.updated} is written and how far it is applied, by whichever instance. */
public final class AppliedUpdates {

    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final Database database;
    private final Admin admin;

    /** @param admin not closed here */
    public AppliedUpdates(Database database, Admin admin) {
        this.database = database;
        this.admin = admin;
    }

    /**
     * Where the partition ends now: whatever was acknowledged before this call is below it.
     *
     * @param within how long the broker may take
     * @throws TimeoutException the broker does not answer
     */
    public long end(int partition, Duration within) throws TimeoutException {
        TopicPartition updates = new TopicPartition(Topics.MAILDROP_UPDATED, partition);
        try {
            return admin.listOffsets(Map.of(updates, OffsetSpec.latest())).partitionResult(updates)
                    .get(within.toMillis(), TimeUnit.MILLISECONDS).offset();
        } catch (ExecutionException e) {
            throw (TimeoutException) new TimeoutException("the end of " + updates + " is not known").initCause(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException("interrupted");
        }
    }

    /** Waits until everything below the offset is applied; false if that takes longer. */
    public boolean await(int partition, long offset, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        while (applied(partition) < offset) {
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return true;
    }

    private long applied(int partition) {
        return database.query(connection -> Positions.read(connection, Topics.MAILDROP_UPDATED, partition))
                .map(Position::nextOffset).orElse(0L);
    }
}
