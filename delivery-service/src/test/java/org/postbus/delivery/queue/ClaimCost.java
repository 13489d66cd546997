package org.postbus.delivery.queue;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.postbus.delivery.Fixtures;
import org.postbus.events.MailCodec;
import org.postbus.events.MailIds;

/**
 * What a claim of 500 costs in queues of different lengths, with PostgreSQL's plan. Not a test: run {@code main}, with the numbers
 * of recipients.
 *
 * <p>Each length is measured with all recipients due, with all but some due much later, and after so many claims and delays that the
 * table is full of dead rows. Whatever autovacuum does meanwhile, it does in operation, too.
 */
public final class ClaimCost {

    private static final int CLAIM = Claims.LOOK;
    private static final String EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS) ";
    private static final int ROUNDS = 40;
    private static final int CHURN = 200;
    private static final int PER_MAIL = 5;
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final Duration LATER = Duration.ofHours(4);

    private static final String MAILS = """
            INSERT INTO mail (mail_id, envelope, octets, chunks, eight_bit, complete)
            SELECT md5(i::text)::uuid, convert_to(replace(?, ?, md5(i::text)::uuid::text), 'UTF8'), 10000, 1, false, true
            FROM generate_series(1, ?) AS i""";
    private static final String RECIPIENTS = """
            INSERT INTO recipient (mail_id, n, original_recipient, final_recipient, reverse_path, destination, queued_at, expires_at,
                next_attempt_at)
            SELECT md5(i::text)::uuid, n, 'u' || n || '@d' || mod(i, 1000) || '.example', 'u' || n || '@d' || mod(i, 1000) || '.example',
                'ann@demo.test', 'd' || mod(i, 1000) || '.example', ?::timestamptz, ?::timestamptz + interval '5 days',
                ?::timestamptz - random() * interval '1 hour'
            FROM generate_series(1, ?) AS i, generate_series(1, %d) AS n""".formatted(PER_MAIL);

    private static final int SOME = 20_000;
    private static final String SOME_DUE = """
            UPDATE recipient SET next_attempt_at = '%s'
            WHERE mail_id IN (SELECT md5(i::text)::uuid FROM generate_series(1, %d) AS i)""";

    private final QueueDatabase queue;
    private final Claims claims;
    private final Outcomes outcomes;

    private ClaimCost() throws SQLException {
        queue = new QueueDatabase();
        claims = new Claims(queue.dataSource());
        outcomes = new Outcomes(queue.dataSource());
    }

    public static void main(String[] arguments) throws Exception {
        System.out.println("recipients;state;median ms;slowest ms;claimed;dead rows");
        for (String size : arguments.length > 0 ? List.of(arguments) : List.of("1000", "100000", "1000000")) {
            new ClaimCost().measure(Integer.parseInt(size));
        }
        System.exit(0);
    }

    private void measure(int recipients) throws Exception {
        fill(recipients);
        time(recipients, "all due", NOW);
        plan(recipients);
        queue.execute("UPDATE recipient SET next_attempt_at = '%s'".formatted(NOW.plus(LATER)));
        time(recipients, "none due, all rows dead once", NOW);
        queue.execute(SOME_DUE.formatted(NOW, Math.min(recipients, SOME) / PER_MAIL));
        time(recipients, SOME + " due at most, the others in 4 h", NOW);
        queue.execute("UPDATE recipient SET next_attempt_at = '%s'".formatted(NOW));
        int churned = Math.min(CHURN, recipients / CLAIM / 2);
        churn(churned);
        time(recipients, "after %d claims with outcomes".formatted(churned), NOW);
        plan(recipients);
        queue.close();
    }

    private void fill(int recipients) throws SQLException {
        try (Connection connection = queue.dataSource().getConnection()) {
            try (PreparedStatement mails = connection.prepareStatement(MAILS)) {
                UUID any = MailIds.mint();
                byte[] json = MailCodec.ACCEPTED.envelopeJson(Fixtures.envelope(any, "ann@demo.test", "u@d.example"));
                mails.setString(1, new String(json, StandardCharsets.UTF_8));
                mails.setString(2, any.toString());
                mails.setInt(3, recipients / PER_MAIL);
                mails.executeUpdate();
            }
            try (PreparedStatement rows = connection.prepareStatement(RECIPIENTS)) {
                rows.setString(1, NOW.toString());
                rows.setString(2, NOW.toString());
                rows.setString(3, NOW.toString());
                rows.setInt(4, recipients / PER_MAIL);
                rows.executeUpdate();
            }
        }
        queue.execute("VACUUM ANALYZE recipient");
    }

    /** Claims of the head of the queue, each given back to its end: where the queue is long each finds other rows. */
    private void time(int recipients, String state, Instant now) throws Exception {
        UUID instance = UUID.randomUUID();
        List<Long> nanos = new ArrayList<>();
        int claimed = 0;
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            List<QueuedRecipient> some = claims.claim(instance, now, CLAIM).recipients();
            nanos.add(System.nanoTime() - start);
            claimed += some.size();
            claims.release(instance, some.stream().map(one -> new Claims.Postponed(one, now, Outcome.Word.own("4.4.5", "too slow")))
                    .toList());
        }
        nanos.sort(Long::compare);
        System.out.printf("%d;%s;%.1f;%.1f;%d;%s%n", recipients, state, nanos.get(nanos.size() / 2) / 1e6, nanos.getLast() / 1e6,
                claimed, queue.value("SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'recipient'"));
    }

    /** Every second recipient is relayed, the others are delayed. */
    private void churn(int rounds) throws Exception {
        for (int i = 0; i < rounds; i++) {
            Claims.Claimed claimed = claims.claim(UUID.randomUUID(), NOW, CLAIM);
            List<Attempt> attempts = new ArrayList<>();
            for (QueuedRecipient one : claimed.recipients()) {
                Outcome.Fate fate = one.n() % 2 == 0 ? new Outcome.Relayed(true) : new Outcome.Delayed(NOW.plus(LATER), true, false);
                attempts.add(new Attempt(claimed.mails().get(one.mailId()), List.of(new Outcome(claimed.claim(), one, fate,
                        Outcome.Word.own("4.4.1", "no answer"))), NOW, Optional.of(new byte[0]), ""));
            }
            outcomes.record(attempts);
        }
    }

    /** Of both statements of a claim; the second one is run for each. */
    private void plan(int recipients) throws SQLException {
        try (Connection connection = queue.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            List<QueuedRecipient> due = DueRows.read(connection, NOW, CLAIM);
            System.out.println("plan at " + recipients + ":");
            try (PreparedStatement read = connection.prepareStatement(EXPLAIN + DueRows.READ)) {
                read.setString(1, NOW.toString());
                read.setInt(2, CLAIM);
                print(read);
            }
            try (PreparedStatement take = connection.prepareStatement(EXPLAIN + DueRows.TAKE)) {
                take.setObject(1, UUID.randomUUID());
                take.setObject(2, due.getFirst().mailId());
                take.setInt(3, due.getFirst().n());
                print(take);
            }
            connection.rollback();
        }
    }

    private static void print(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                System.out.println("  " + row.getString(1));
            }
        }
    }
}
