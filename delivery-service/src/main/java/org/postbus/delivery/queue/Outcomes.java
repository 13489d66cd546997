package org.postbus.delivery.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postbus.delivery.dsn.RemoteMta;

/**
 * Records what came of attempts, many in one transaction: recipients leave the queue or get their next time, a mail without
 * recipients goes, and what is to be told of it all stands in the outbox. An outcome whose claim was lost changes nothing.
 */
public final class Outcomes {

    private static final Logger LOG = Logger.getLogger(Outcomes.class);

    /** So that of two instances that settle the last two recipients of a mail one sees that nobody is left. */
    private static final String LOCK = "SELECT FROM mail WHERE mail_id = ANY (?) ORDER BY mail_id FOR UPDATE";
    private static final String SETTLE = """
            DELETE FROM recipient r USING unnest(?::uuid[], ?::int[], ?::uuid[]) AS mine (mail_id, n, claim)
            WHERE r.mail_id = mine.mail_id AND r.n = mine.n AND r.claimed_by = mine.claim RETURNING r.mail_id, r.n""";
    /** An attempt counts once: where the answer to COMMIT was lost, this instance may have claimed the recipient anew by now. */
    private static final String DELAY = """
            UPDATE recipient r SET claimed_by = NULL, next_attempt_at = mine.next_at, last_attempt_at = mine.last_at,
                attempts = r.attempts + mine.counts, delay_told = r.delay_told OR mine.told,
                status = mine.status, remote_mta = mine.remote_mta, diagnostic_code = mine.diagnostic_code
            FROM unnest(?::uuid[], ?::int[], ?::uuid[], ?::timestamptz[], ?::timestamptz[], ?::int[], ?::boolean[], ?::text[],
                ?::text[], ?::text[])
                AS mine (mail_id, n, claim, next_at, last_at, counts, told, status, remote_mta, diagnostic_code)
            WHERE r.mail_id = mine.mail_id AND r.n = mine.n AND r.claimed_by = mine.claim
                AND r.last_attempt_at IS DISTINCT FROM mine.last_at RETURNING r.mail_id, r.n""";

    private final DataSource dataSource;

    private record Name(UUID mailId, int n) {

        static Name of(Outcome outcome) {
            return new Name(outcome.recipient().mailId(), outcome.recipient().n());
        }
    }

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
        Set<Name> recorded = new HashSet<>();
        if (!settled.isEmpty()) {
            lock(connection, settled);
            recorded.addAll(settle(connection, settled));
        }
        if (!delayed.isEmpty()) {
            recorded.addAll(delay(connection, delayed));
        }
        List<Attempt> counted = attempts.stream().map(attempt -> attempt.only(attempt.outcomes().stream()
                .filter(outcome -> recorded.contains(Name.of(outcome))).toList())).filter(one -> !one.outcomes().isEmpty()).toList();
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

    private static Set<Name> settle(Connection connection, List<Timed> settled) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SETTLE)) {
            names(statement, settled);
            return names(statement);
        }
    }

    private static Set<Name> delay(Connection connection, List<Timed> delayed) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DELAY)) {
            names(statement, delayed);
            array(statement, 4, "text", delayed, one -> delay(one).nextAttemptAt().toString());
            array(statement, 5, "text", delayed, one -> one.at().toString());
            array(statement, 6, "int4", delayed, one -> delay(one).attempted() ? 1 : 0);
            array(statement, 7, "boolean", delayed, one -> delay(one).told());
            array(statement, 8, "text", delayed, one -> one.outcome().word().status());
            array(statement, 9, "text", delayed, one -> one.outcome().word().remoteMta().map(RemoteMta::toString).orElse(""));
            array(statement, 10, "text", delayed, one -> one.outcome().word().diagnostic().text());
            return names(statement);
        }
    }

    private static Outcome.Delayed delay(Timed one) {
        return (Outcome.Delayed) one.outcome().fate();
    }

    private static void names(PreparedStatement statement, List<Timed> outcomes) throws SQLException {
        array(statement, 1, "uuid", outcomes, one -> one.outcome().recipient().mailId());
        array(statement, 2, "int4", outcomes, one -> one.outcome().recipient().n());
        array(statement, 3, "uuid", outcomes, one -> one.outcome().claim());
    }

    private static Set<Name> names(PreparedStatement statement) throws SQLException {
        Set<Name> names = new HashSet<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                names.add(new Name(row.getObject(1, UUID.class), row.getInt(2)));
            }
        }
        return names;
    }

    private static void array(PreparedStatement statement, int index, String type, List<Timed> rows, Function<Timed, Object> value)
            throws SQLException {
        statement.setArray(index, statement.getConnection().createArrayOf(type, rows.stream().map(value).toArray()));
    }
}
