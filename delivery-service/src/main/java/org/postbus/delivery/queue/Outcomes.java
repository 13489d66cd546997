package org.postbus.delivery.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postbus.delivery.dsn.RemoteMta;
import org.postbus.delivery.queue.Claims.Name;

/**
 * Records what came of attempts, many in one transaction: recipients leave the queue or get their next time, a mail without
 * recipients goes, and what is to be told of it all stands in the outbox. An outcome whose claim was lost changes nothing.
 */
public final class Outcomes {

    private static final Logger LOG = Logger.getLogger(Outcomes.class);

    /** So that of two instances that settle the last two recipients of a mail one sees that nobody is left. */
    private static final String LOCK = "SELECT FROM mail WHERE mail_id = ANY (?) ORDER BY mail_id FOR UPDATE";
    private static final String SETTLE = "DELETE FROM recipient WHERE mail_id = ? AND n = ? AND " + Claims.CLAIMED_BY;
    /**
     * An outcome counts once: where the answer to COMMIT was lost, this instance may have claimed the recipient anew by now. Then it has
     * one attempt more than it had, or, where none was made, stands with the very time that is to be set.
     */
    private static final String DELAY = """
            UPDATE recipient SET claimed_by = NULL, next_attempt_at = ?::timestamptz,
                last_attempt_at = CASE WHEN ? THEN ?::timestamptz ELSE last_attempt_at END,
                attempts = attempts + ?, delay_told = delay_told OR ?, status = ?, remote_mta = ?, diagnostic_code = ?
            WHERE attempts = ? AND next_attempt_at <> ?::timestamptz AND mail_id = ? AND n = ? AND """ + " " + Claims.CLAIMED_BY;

    private final DataSource dataSource;

    /** An outcome with the time of its attempt. */
    private record Timed(Outcome outcome, Instant at) {
    }

    public Outcomes(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** @throws SQLException nothing of it is recorded, or the link broke and nobody knows: it may be recorded again */
    public void record(List<Attempt> attempts) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            boolean committed = false;
            try {
                record(connection, attempts);
                connection.commit();
                committed = true;
            } finally {
                if (!committed) {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
            }
        }
    }

    private static void record(Connection connection, List<Attempt> attempts) throws SQLException {
        List<Timed> settled = new ArrayList<>();
        List<Timed> delayed = new ArrayList<>();
        for (Attempt attempt : attempts) {
            for (Outcome outcome : attempt.outcomes()) {
                (outcome.fate() instanceof Outcome.Delayed ? delayed : settled).add(new Timed(outcome, attempt.at()));
            }
        }
        if (!settled.isEmpty()) {
            lock(connection, settled);
        }
        Set<Name> recorded = new HashSet<>();
        settle(connection, settled).forEach(one -> recorded.add(Name.of(one.outcome().recipient())));
        delay(connection, delayed).forEach(one -> recorded.add(Name.of(one.outcome().recipient())));
        List<Attempt> counted = attempts.stream().map(attempt -> attempt.only(attempt.outcomes().stream()
                .filter(outcome -> recorded.contains(Name.of(outcome.recipient()))).toList())).filter(one -> !one.outcomes().isEmpty()).toList();
        int lost = settled.size() + delayed.size() - recorded.size();
        if (lost > 0) {
            LOG.warnf("%d outcomes count no more: their claims were lost, and another instance attempts their recipients", lost);
        }
        Outbox.write(connection, counted);
        FinishedMails.remove(connection, counted.stream().filter(Outcomes::settles).map(Attempt::mail).toList());
    }

    private static boolean settles(Attempt attempt) {
        return attempt.outcomes().stream().anyMatch(outcome -> !(outcome.fate() instanceof Outcome.Delayed));
    }

    private static void lock(Connection connection, List<Timed> settled) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setArray(1, connection.createArrayOf("uuid",
                    settled.stream().map(one -> one.outcome().recipient().mailId()).distinct().toArray()));
            statement.executeQuery().close();
        }
    }

    private static List<Timed> settle(Connection connection, List<Timed> settled) throws SQLException {
        return ByKey.changed(connection, SETTLE, settled, (statement, one) -> claimed(statement, 1, one.outcome()));
    }

    private static List<Timed> delay(Connection connection, List<Timed> delayed) throws SQLException {
        return ByKey.changed(connection, DELAY, delayed, (statement, one) -> {
            Outcome.Word word = one.outcome().word();
            statement.setString(1, delay(one).nextAttemptAt().toString());
            statement.setBoolean(2, delay(one).attempted());
            statement.setString(3, one.at().toString());
            statement.setInt(4, delay(one).attempted() ? 1 : 0);
            statement.setBoolean(5, delay(one).told());
            statement.setString(6, word.status());
            statement.setString(7, word.remoteMta().map(RemoteMta::toString).orElse(""));
            statement.setString(8, word.diagnostic().text());
            statement.setInt(9, one.outcome().recipient().attempts());
            statement.setString(10, delay(one).nextAttemptAt().toString());
            claimed(statement, 11, one.outcome());
        });
    }

    private static Outcome.Delayed delay(Timed one) {
        return (Outcome.Delayed) one.outcome().fate();
    }

    private static void claimed(PreparedStatement statement, int index, Outcome outcome) throws SQLException {
        statement.setObject(index, outcome.recipient().mailId());
        statement.setInt(index + 1, outcome.recipient().n());
        statement.setObject(index + 2, outcome.claim());
    }
}
