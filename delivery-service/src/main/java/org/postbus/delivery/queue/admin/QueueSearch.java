package org.postbus.delivery.queue.admin;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Finds recipients, in the order of the primary key. A filter that no index serves may fit one row in a million, so a search
 * looks at so many rows and then says how far it came: what it costs does not grow with the queue.
 *
 * @param filter what is looked for
 * @param also   a condition beside the filter, with its parameters
 * @param looks  rows that are looked at, at most
 */
record QueueSearch(QueueFilter filter, QueueFilter.Sql also, int looks) {

    /** Rows that one request looks at: some 0.2 s of PostgreSQL's time. */
    static final int LOOKS = 100_000;

    private static final QueueFilter.Sql NOTHING = new QueueFilter.Sql("", List.of());
    private static final String AFTER = " AND (r.mail_id, r.n) > (?, ?)";
    private static final String UP_TO = " AND (r.mail_id, r.n) <= (?, ?)";
    private static final String ORDER = " ORDER BY r.mail_id, r.n";

    static QueueSearch listing(QueueFilter filter) {
        return new QueueSearch(filter, NOTHING, LOOKS);
    }

    /** Up to so many recipients behind the key. */
    Stretch find(Connection connection, Optional<RecipientKey> after, int limit) throws SQLException {
        Optional<RecipientKey> end = looksAround() ? end(connection, after) : Optional.empty();
        List<QueueItem> items = items(connection, after, end, limit + 1);
        return items.size() > limit ? new Stretch(items.subList(0, limit), Optional.of(items.get(limit - 1).key()))
                : new Stretch(items, end);
    }

    /** Whether there may be rows that are looked at for nothing. */
    private boolean looksAround() {
        return filter.destination().isPresent() || !filter.others().parameters().isEmpty() || !also.conditions().isEmpty();
    }

    /** Where to stop; empty where the queue ends before. A key and not a count, so that rows that come and go make no gap. */
    private Optional<RecipientKey> end(Connection connection, Optional<RecipientKey> after) throws SQLException {
        QueueFilter.Sql keyed = filter.keyed();
        String sql = "SELECT r.mail_id, r.n FROM recipient r WHERE true" + keyed.conditions() + (after.isPresent() ? AFTER : "")
                + ORDER + " OFFSET ? LIMIT 1";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Parameters parameters = new Parameters(statement).all(keyed.parameters()).keys(after);
            parameters.add(looks - 1);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(new RecipientKey(row.getObject(1, UUID.class), row.getInt(2)))
                        : Optional.empty();
            }
        }
    }

    private List<QueueItem> items(Connection connection, Optional<RecipientKey> after, Optional<RecipientKey> end, int limit)
            throws SQLException {
        QueueFilter.Sql keyed = filter.keyed();
        QueueFilter.Sql others = filter.others();
        String sql = "SELECT " + QueueItem.COLUMNS + " FROM recipient r LEFT JOIN mail m ON m.mail_id = r.mail_id WHERE true"
                + keyed.conditions() + (after.isPresent() ? AFTER : "") + (end.isPresent() ? UP_TO : "") + others.conditions()
                + also.conditions() + ORDER + " LIMIT ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            new Parameters(statement).all(keyed.parameters()).keys(after).keys(end).all(others.parameters())
                    .all(also.parameters()).add(limit);
            List<QueueItem> items = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    items.add(QueueItem.of(row));
                }
            }
            return items;
        }
    }

    /** Sets parameters one after the other. */
    private static final class Parameters {

        private final PreparedStatement statement;
        private int count;

        Parameters(PreparedStatement statement) {
            this.statement = statement;
        }

        Parameters add(Object value) throws SQLException {
            statement.setObject(++count, value);
            return this;
        }

        Parameters all(List<Object> values) throws SQLException {
            for (Object value : values) {
                add(value);
            }
            return this;
        }

        Parameters keys(Optional<RecipientKey> key) throws SQLException {
            return key.isPresent() ? add(key.get().mailId()).add(key.get().n()) : this;
        }
    }
}
