package org.postbus.delivery.queue.admin;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postbus.rest.ProblemType;

/** Counts the queue. That reads all of it, so it has a time-out. */
@Singleton
public class QueueCounts {

    /** Groups that are shown, the largest ones. */
    static final int GROUPS = 100;
    /** Seconds; a million recipients take one. */
    static final int TIME_OUT = 10;

    private static final String CANCELLED = "57014";
    /** Of all statements on the queue only these do; the connections of this service are told not to. */
    private static final String FROM_END_TO_END = "SET LOCAL enable_seqscan = on";
    private static final String TOTALS = """
            SELECT count(*) AS recipients,
                count(*) FILTER (WHERE claimed_by IS NOT NULL) AS attempting,
                count(*) FILTER (WHERE claimed_by IS NULL AND held) AS held,
                count(*) FILTER (WHERE claimed_by IS NULL AND NOT held AND next_attempt_at = 'infinity') AS arriving,
                count(*) FILTER (WHERE claimed_by IS NULL AND NOT held AND next_attempt_at <= ?::timestamptz) AS due,
                min(next_attempt_at) FILTER (WHERE claimed_by IS NULL AND NOT held AND next_attempt_at <= ?::timestamptz) AS due_since
            FROM recipient""";
    private static final String GROUP = """
            SELECT %1$s, count(*) AS recipients, min(queued_at) AS oldest,
                min(next_attempt_at) FILTER (WHERE NOT held AND next_attempt_at <> 'infinity') AS next_at
            FROM recipient GROUP BY %1$s ORDER BY count(*) DESC, %1$s LIMIT ?""";

    private final AgroalDataSource dataSource;
    private final InstantSource time;

    /** What to group by. */
    enum By {
        REASON("status, diagnostic_code"), DESTINATION("destination");

        private final String columns;

        By(String columns) {
            this.columns = columns;
        }
    }

    public QueueCounts(@DataSource("delivery") AgroalDataSource dataSource, InstantSource time) {
        this.dataSource = dataSource;
        this.time = time;
    }

    QueueTotals totals() throws SQLException {
        String now = time.instant().toString();
        return count(TOTALS, statement -> {
            statement.setString(1, now);
            statement.setString(2, now);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return totals(row);
            }
        });
    }

    List<QueueGroup> groups(By by) throws SQLException {
        return count(GROUP.formatted(by.columns), statement -> {
            statement.setInt(1, GROUPS);
            List<QueueGroup> groups = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    groups.add(group(by, row));
                }
            }
            return groups;
        });
    }

    private interface Reading<T> {
        T read(PreparedStatement statement) throws SQLException;
    }

    private <T> T count(String sql, Reading<T> reading) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement planning = connection.createStatement(); PreparedStatement statement = connection.prepareStatement(sql)) {
                planning.execute(FROM_END_TO_END);
                statement.setQueryTimeout(TIME_OUT);
                return reading.read(statement);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            if (CANCELLED.equals(e.getSQLState())) {
                throw ProblemType.UNAVAILABLE.because("the queue is too long to be counted in " + TIME_OUT + " s");
            }
            throw e;
        }
    }

    private static QueueTotals totals(ResultSet row) throws SQLException {
        long recipients = row.getLong("recipients");
        long attempting = row.getLong("attempting");
        long held = row.getLong("held");
        long arriving = row.getLong("arriving");
        return new QueueTotals(recipients, recipients - attempting - held - arriving, attempting, held, arriving,
                row.getLong("due"), QueueItem.time(row, "due_since"));
    }

    private static QueueGroup group(By by, ResultSet row) throws SQLException {
        Instant oldest = QueueItem.time(row, "oldest").orElseThrow();
        Optional<Instant> next = QueueItem.time(row, "next_at");
        return switch (by) {
            case REASON -> new QueueGroup(Optional.empty(), QueueItem.text(row, "status"), QueueItem.text(row, "diagnostic_code"),
                    row.getLong("recipients"), oldest, next);
            case DESTINATION -> new QueueGroup(Optional.of(row.getString("destination")), Optional.empty(), Optional.empty(),
                    row.getLong("recipients"), oldest, next);
        };
    }
}
