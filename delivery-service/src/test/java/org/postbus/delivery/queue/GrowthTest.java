package org.postbus.delivery.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A queue that was all but empty when PostgreSQL looked and when it made its plans, and is long now: what is done with a few recipients
 * costs what it cost before. Counted in rows read, as PostgreSQL counts them, and not in time.
 */
class GrowthTest {

    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
    private static final Duration LATER = Duration.ofDays(1);
    /** PostgreSQL keeps a plan after five executions, and the driver prepares a statement after five. */
    private static final int UNTIL_PLANS_ARE_KEPT = 15;
    private static final int FEW = 5;
    private static final int MANY = 100;
    private static final int LONG = 20_000;
    /** Index entries that were followed to a row, for each of the mails of a round: 18 were counted, in the primary key of recipients. */
    private static final int ENTRIES = 30;

    /** One connection, so that its plans are those that were made at first. */
    @Test
    void noStatementReadsMoreThanItNeeds() throws Exception {
        try (QueueDatabase queue = new QueueDatabase(1)) {
            for (String table : List.of("recipient", "mail", "chunk", "outbox")) {
                queue.execute("ALTER TABLE " + table + " SET (autovacuum_enabled = false)");
            }
            for (int i = 0; i < UNTIL_PLANS_ARE_KEPT; i++) {
                round(queue, FEW);
            }
            queue.execute("VACUUM (TRUNCATE false, ANALYZE) recipient, mail, chunk, outbox");
            assertEquals("0", queue.value("SELECT reltuples::int FROM pg_class WHERE relname = 'recipient'"));
            for (int i = 0; i < UNTIL_PLANS_ARE_KEPT; i++) {
                round(queue, FEW);
            }
            queue.enqueue(IntStream.range(0, LONG).mapToObj(i -> QueueDatabase.mail("ann@one.test", NOW.plus(LATER).plusMillis(i),
                    "bob@d" + i % 50 + ".test")).toList());
            Map<String, Long> before = reads(queue);
            round(queue, MANY);
            Map<String, Long> after = reads(queue);
            after.forEach((counter, reads) -> {
                long entries = reads - before.get(counter);
                assertTrue(entries <= (counter.endsWith(" from end to end") ? 0 : (long) ENTRIES * MANY), counter + ": " + entries);
            });
        }
    }

    /** So many mails come, are delayed and postponed, are claimed and given back in both ways, and are relayed or cancelled. */
    private static void round(QueueDatabase queue, int mails) throws Exception {
        Claims claims = new Claims(queue.dataSource());
        UUID instance = UUID.randomUUID();
        queue.enqueue(IntStream.range(0, mails).mapToObj(i -> QueueDatabase.mail("ann@one.test", NOW.plusMillis(i), "bob@two.test"))
                .toList());
        Claims.Claimed claimed = claims.claim(instance, NOW.plusSeconds(1), mails);
        assertEquals(mails, claimed.recipients().size());
        record(queue, claimed, new Outcome.Delayed(NOW.plusSeconds(60), true, false), NOW);
        claims.claim(instance, NOW.plusSeconds(60), mails, due -> Optional.of(new Claims.Postponed(due, NOW.plusSeconds(90),
                Outcome.Word.own("4.4.1", "no answer"))));
        Claims.Claimed back = claims.claim(instance, NOW.plusSeconds(90), mails);
        claims.release(instance, postponed(back.recipients()));
        Claims.Claimed stray = claims.claim(instance, NOW.plusSeconds(120), mails);
        assertEquals(mails, claims.giveBack(instance, stray.recipients().stream().map(Claims.Name::of).toList()));
        Claims.Claimed last = claims.claim(instance, NOW.plusSeconds(120), mails);
        List<QueuedRecipient> cancelled = last.recipients().subList(0, mails / 2);
        claims.release(instance, postponed(cancelled));
        try (Connection connection = queue.dataSource().getConnection()) {
            assertEquals(cancelled.size(), new Cancellation(NOW, false).cancel(connection, cancelled).size());
        }
        record(queue, new Claims.Claimed(instance, last.recipients().subList(mails / 2, mails), last.mails(), List.of(), false),
                new Outcome.Relayed(true), NOW.plusSeconds(120));
        assertEquals(2 * mails, queue.told().size());
    }

    private static List<Claims.Postponed> postponed(List<QueuedRecipient> recipients) {
        return recipients.stream().map(one -> new Claims.Postponed(one, NOW.plusSeconds(120),
                Outcome.Word.own("4.4.5", "too slow"))).toList();
    }

    private static void record(QueueDatabase queue, Claims.Claimed claimed, Outcome.Fate fate, Instant at) throws Exception {
        List<Attempt> attempts = new ArrayList<>();
        for (QueuedRecipient one : claimed.recipients()) {
            attempts.add(new Attempt(claimed.mails().get(one.mailId()), List.of(new Outcome(claimed.claim(), one, fate,
                    Outcome.Word.own("2.0.0", "said so"))), at, Optional.empty(), ""));
        }
        new Outcomes(queue.dataSource()).record(attempts);
    }

    private static Map<String, Long> reads(QueueDatabase queue) throws Exception {
        queue.execute("SELECT pg_stat_force_next_flush()");
        Map<String, Long> reads = new HashMap<>();
        try (Connection connection = queue.dataSource().getConnection(); PreparedStatement statement = connection.prepareStatement("""
                SELECT relname || ' from end to end', seq_scan FROM pg_stat_user_tables WHERE schemaname = 'delivery'
                UNION ALL SELECT indexrelname, idx_tup_read FROM pg_stat_user_indexes WHERE schemaname = 'delivery'
                    AND relname IN ('recipient', 'mail', 'chunk', 'outbox')""");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                reads.put(row.getString(1), row.getLong(2));
            }
        }
        return reads;
    }
}
