package org.postbus.delivery.queue.admin;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.postbus.delivery.queue.Cancellation;
import org.postbus.delivery.queue.QueuedRecipient;

/**
 * Does things to recipients in the queue, a batch in a transaction, each batch with what there is to tell of it. A request that
 * breaks off has done some batches whole, and may be sent again.
 */
@Singleton
public class QueueActions {

    /** Recipients of one transaction, and rows that are looked at for them. */
    static final int BATCH = 500;
    private static final int LOOKS = 5_000;
    /** After this a request ends with what it has done. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AgroalDataSource dataSource;
    private final InstantSource time;
    private final Duration patience;

    /** What became of one batch. */
    private record Batch(int changed, int left, Optional<RecipientKey> next) {
    }

    @Inject
    public QueueActions(@DataSource("delivery") AgroalDataSource dataSource, InstantSource time) {
        this(dataSource, time, PATIENCE);
    }

    QueueActions(AgroalDataSource dataSource, InstantSource time, Duration patience) {
        this.dataSource = dataSource;
        this.time = time;
        this.patience = patience;
    }

    /**
     * @param after  where to begin, of an action that was not done in one request
     * @param notify of a cancellation: whether the reverse-path is told
     */
    ActionResult run(QueueAction action, QueueFilter filter, Optional<RecipientKey> after, boolean notify) throws SQLException {
        long end = System.nanoTime() + patience.toNanos();
        // One for all batches: a destination is tried once for each time somebody asks.
        Instant now = time.instant();
        long changed = 0;
        long left = 0;
        Optional<RecipientKey> next = after;
        do {
            Batch batch = batch(action, filter, next, notify, now);
            changed += batch.changed();
            left += batch.left();
            next = batch.next();
        } while (next.isPresent() && System.nanoTime() - end < 0);
        return new ActionResult(changed, left, next.map(RecipientKey::cursor));
    }

    private Batch batch(QueueAction action, QueueFilter filter, Optional<RecipientKey> after, boolean notify, Instant now)
            throws SQLException {
        QueueSearch search = new QueueSearch(filter, action.meant(now), LOOKS);
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Stretch found = search.find(connection, after, BATCH);
                int changed = found.items().isEmpty() ? 0 : change(connection, action, found.items(), now, notify);
                connection.commit();
                return new Batch(changed, found.items().size() - changed, found.next());
            } finally {
                // Of a transaction that is committed already nothing is undone.
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private static int change(Connection connection, QueueAction action, List<QueueItem> items, Instant now, boolean notify)
            throws SQLException {
        return switch (action) {
            case RETRY -> told(connection, StayingRows.retry(connection, items, now), now, "retried by an administrator");
            case HOLD -> told(connection, StayingRows.hold(connection, items), now, "held by an administrator");
            case RELEASE -> told(connection, StayingRows.release(connection, items, now), now, "released by an administrator");
            case CANCEL -> cancel(connection, items, new Cancellation(now, notify)).size();
        };
    }

    private static int told(Connection connection, List<QueueItem> changed, Instant now, String detail) throws SQLException {
        if (!changed.isEmpty()) {
            TrailNotes.write(connection, changed, now, detail);
        }
        return changed.size();
    }

    private static List<QueuedRecipient> cancel(Connection connection, List<QueueItem> items, Cancellation cancellation)
            throws SQLException {
        return cancellation.cancel(connection, items.stream().map(QueueItem::recipient).toList());
    }
}
