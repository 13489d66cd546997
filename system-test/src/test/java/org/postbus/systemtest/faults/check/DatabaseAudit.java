package org.postbus.systemtest.faults.check;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.postbus.systemtest.faults.cluster.Cluster;
import org.postbus.systemtest.faults.load.FaultLedger;
import org.postbus.systemtest.faults.report.Invariant;
import org.postbus.systemtest.faults.report.Tally;

/** What no client can see: sums, orphans, parked chunks, dead letters. */
final class DatabaseAudit {

    private static final String WRONG_SUMS = """
            select address from mailbox.account
              left join (select account_id, sum(octets) as o, count(*) as n from mailbox.entry group by 1) as sums
                on account_id = id
             where used_bytes <> coalesce(o, 0) or message_count <> coalesce(n, 0)""";
    private static final String ORPHANS = """
            select mail_id from mailbox.content as c
             where state = 'filed' and swept_at is null
               and not exists (select from mailbox.entry as e where e.mail_id = c.mail_id)
               and not exists (select from mailbox.sweep_due as s where s.mail_id = c.mail_id)""";
    private static final String PARKED = "select mail_id from mailbox.parked";
    /** Of the outbound queue: what belongs to no mail that is in it. */
    private static final String QUEUE_ORPHANS = """
            select mail_id from (select mail_id from delivery.chunk union select mail_id from delivery.recipient) as part
             where not exists (select from delivery.mail as m where m.mail_id = part.mail_id and m.done_at is null)""";
    private static final String ARRIVING = "select mail_id from delivery.mail where not complete";
    private static final String DEAD_LETTERS = "select topic || '-' || partition || '@' || \"offset\" from mailbox.dead_letter";
    /** A session whose client is gone, and whose gateway is too, has its maildrop until the lease ends. */
    private static final String END_LEASES = "update mailbox.maildrop_lock set expires_at = now() - interval '1 second'";

    private final Cluster cluster;
    private final FaultLedger ledger;
    private final Poison poison;

    DatabaseAudit(Cluster cluster, FaultLedger ledger, Poison poison) {
        this.cluster = cluster;
        this.ledger = ledger;
        this.poison = poison;
    }

    /** What a minute's waiting would do. All clients have gone and all events are applied. */
    void endLeases() throws SQLException {
        try (Connection connection = cluster.postgres().connect(); Statement statement = connection.createStatement()) {
            ledger.tally().events("maildrops left locked", statement.executeUpdate(END_LEASES));
        }
    }

    void check() throws SQLException {
        Tally tally = ledger.tally();
        try (Connection connection = cluster.postgres().connect()) {
            tally.trials(Invariant.I12, Sql.count(connection, "select count(*) from mailbox.account"));
            Sql.texts(connection, WRONG_SUMS).forEach(account -> tally.violation(Invariant.I12, "wrong sums: " + account));
            tally.trials(Invariant.I12, 1);
            Sql.texts(connection, ORPHANS).forEach(mail -> tally.violation(Invariant.I12, "content without entry: " + mail));
            parked(tally, Sql.texts(connection, PARKED));
            parked(tally, Sql.texts(connection, ARRIVING));
            tally.trials(Invariant.I11, 1);
            Sql.texts(connection, QUEUE_ORPHANS)
                    .forEach(mail -> tally.violation(Invariant.I11, "in the queue without its mail: " + mail));
            deadLetters(tally, Sql.texts(connection, DEAD_LETTERS));
        }
    }

    /** Chunks of mails that were never ended stay parked for a day; of one that was ended there are none. */
    private void parked(Tally tally, Set<String> parked) {
        tally.trials(Invariant.I11, 1);
        tally.events("parked mails that were never ended", parked.size());
        parked.stream().filter(ledger::isAccepted).forEach(mail -> tally.violation(Invariant.I11, "accepted and still parked: " + mail));
    }

    private void deadLetters(Tally tally, Set<String> buried) {
        Set<String> expected = poison.put();
        tally.trials(Invariant.I13, Math.max(1, expected.size()));
        Set<String> lost = new HashSet<>(expected);
        lost.removeAll(buried);
        lost.forEach(where -> tally.violation(Invariant.I13, "poison not among the dead letters: " + where));
        buried.stream().filter(where -> !expected.contains(where) && poison.isNews(where))
                .forEach(where -> tally.violation(Invariant.I13, "no poison, and among the dead letters: " + where));
    }
}
