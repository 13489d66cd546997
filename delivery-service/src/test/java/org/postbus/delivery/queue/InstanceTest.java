package org.postbus.delivery.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.delivery.queue.Claims.Claimed;
import org.postbus.delivery.queue.Outcome.Word;
import org.postbus.delivery.relay.RelayBench;

/** Who holds which recipients of the queue, and what counts of what it does with them. */
class InstanceTest {

    private static RelayBench bench;
    private static Claims claims;

    @BeforeAll
    static void begin() {
        bench = new RelayBench(Map.of());
        claims = new Claims(bench.dataSource());
    }

    @AfterAll
    static void end() throws Exception {
        bench.close();
    }

    @BeforeEach
    void empty() throws Exception {
        bench.execute("truncate recipient, mail, chunk, instance, outbox");
    }

    @Test
    void whatIsClaimedNobodyElseClaims() throws Exception {
        Instance one = joined("one");
        Instance other = joined("other");
        bench.enqueue("ann@one.test", "a@remote.test", "b@remote.test", "c@remote.test");
        assertEquals(2, claims.claim(one.id(), bench.now(), 2).recipients().size());
        assertEquals(1, claims.claim(other.id(), bench.now(), 2).recipients().size());
        assertEquals(0, claims.claim(other.id(), bench.now(), 2).recipients().size());
    }

    @Test
    void anInstanceOfTheSameNameTakesItsClaimsBackAtOnce() throws Exception {
        Instance before = joined("mx-0");
        Instance other = joined("mx-1");
        bench.enqueue("ann@one.test", "a@remote.test", "b@remote.test");
        claims.claim(before.id(), bench.now(), 1);
        claims.claim(other.id(), bench.now(), 1);
        Instance again = joined("mx-0");
        assertEquals(1, claims.claim(again.id(), bench.now(), 10).recipients().size());
    }

    @Test
    void instancesWithoutANameDoNotBuryEachOther() throws Exception {
        Instance one = joined("");
        bench.enqueue("ann@one.test", "a@remote.test");
        claims.claim(one.id(), bench.now(), 1);
        Instance other = joined("");
        assertEquals(0, claims.claim(other.id(), bench.now(), 10).recipients().size());
    }

    @Test
    void whoLeavesGivesItsClaimsBack() throws Exception {
        Instance one = joined("one");
        bench.enqueue("ann@one.test", "a@remote.test");
        UUID id = one.id();
        claims.claim(id, bench.now(), 1);
        one.leave();
        assertFalse(one.holds(id));
        assertEquals(1, claims.claim(joined("other").id(), bench.now(), 10).recipients().size());
    }

    @Test
    void theClaimsOfADeadOneReturnAndItGoesOnUnderAnotherId() throws Exception {
        Instance dead = joined("dead");
        Instance other = joined("other");
        bench.enqueue("ann@one.test", "a@remote.test");
        UUID before = dead.id();
        claims.claim(before, bench.now(), 1);
        renewedLong(other);
        assertEquals(0, claims.claim(other.id(), bench.now(), 10).recipients().size());
        bench.execute("update instance set alive_until = now() - interval '1 second' where id = '" + before + "'");
        other.renew();
        other.returnClaims();
        assertEquals(1, claims.claim(other.id(), bench.now(), 10).recipients().size());
        dead.renew();
        assertNotEquals(before, dead.id());
        assertFalse(dead.holds(before));
        assertTrue(dead.holds(dead.id()));
    }

    /** Both were cut off from PostgreSQL for longer than the lease: who is back first must not bury the other. */
    @Test
    void afterAnOutageNobodyIsBuriedAtOnce() throws Exception {
        Instance one = joined("one");
        Instance other = joined("other");
        bench.enqueue("ann@one.test", "a@remote.test");
        UUID id = one.id();
        claims.claim(id, bench.now(), 1);
        bench.execute("update instance set alive_until = now() - interval '1 minute'");
        other.renew();
        one.renew();
        renewedLong(other);
        assertEquals(id, one.id());
        assertEquals(0, claims.claim(other.id(), bench.now(), 10).recipients().size());
    }

    /** It would end what others do on that connection after 8 s, such as a count of the queue. */
    @Test
    void aRenewalThatFailsLeavesTheConnectionAsItWas() throws Exception {
        try (QueueDatabase database = new QueueDatabase(1)) {
            Instance instance = new Instance(database.dataSource(), "");
            instance.join();
            database.execute("alter table instance rename to away");
            assertThrows(SQLException.class, instance::renew);
            try (Connection next = database.dataSource().getConnection()) {
                assertEquals(0, next.getNetworkTimeout());
            }
        }
    }

    @Test
    void anOutcomeUnderALostClaimChangesNothing() throws Exception {
        Instance dead = joined("dead");
        bench.enqueue("ann@one.test", "a@remote.test", "b@remote.test");
        Claimed lost = claims.claim(dead.id(), bench.now(), 10);
        dead.leave();
        Claimed claimed = claims.claim(joined("other").id(), bench.now(), 10);
        String before = bench.texts("select string_agg(recipient::text, ' ' order by n) from recipient").getFirst();

        Outcomes outcomes = new Outcomes(bench.dataSource());
        Outcome.Fate later = new Outcome.Delayed(bench.now().plusSeconds(60), true, true);
        outcomes.record(List.of(attempt(lost, new Outcome.Relayed(false), later)));
        assertEquals(before, bench.texts("select string_agg(recipient::text, ' ' order by n) from recipient").getFirst());
        assertEquals(List.of(), bench.published());

        outcomes.record(List.of(attempt(claimed, new Outcome.Relayed(false), later)));
        assertEquals(1, bench.queued());
        assertEquals(1, bench.count("select attempts from recipient"));
        assertEquals(3, bench.published().size());
        // The link broke behind the commit: nobody knew, and it is recorded again.
        outcomes.record(List.of(attempt(claimed, new Outcome.Relayed(false), later)));
        assertEquals(1, bench.count("select attempts from recipient"));
        assertEquals(3, bench.published().size());
    }

    /** Else it would be due for ever, before all others. */
    @Test
    void aMailThatNobodyCanReadIsHeldAndTheQueueSaysWhy() throws Exception {
        Instance one = joined("one");
        UUID unreadable = bench.enqueue("ann@one.test", "a@remote.test");
        UUID gone = bench.enqueue("ann@one.test", "b@remote.test");
        bench.execute("update mail set envelope = 'x' where mail_id = '" + unreadable + "'");
        bench.execute("delete from mail where mail_id = '" + gone + "'");
        assertEquals(List.of(), claims.claim(one.id(), bench.now(), 10).recipients());
        assertEquals(2, bench.count("select count(*) from recipient where held and claimed_by is null and status = '4.3.0'"
                + " and diagnostic_code = 'held: the envelope of the mail in the queue cannot be read'"));
        assertEquals(Set.of(), claims.held(one.id()));
    }

    @Test
    void aMailThatNobodyCanReadHoldsUpNoOther() throws Exception {
        Instance one = joined("one");
        UUID unreadable = bench.enqueue("ann@one.test", "a@remote.test");
        bench.enqueue("ann@one.test", "b@remote.test");
        bench.execute("update mail set envelope = 'x' where mail_id = '" + unreadable + "'");
        Claimed claimed = claims.claim(one.id(), bench.now(), 10);
        assertEquals(List.of("b@remote.test"), claimed.recipients().stream().map(QueuedRecipient::finalRecipient).toList());
    }

    private static Attempt attempt(Claimed claimed, Outcome.Fate first, Outcome.Fate second) {
        List<QueuedRecipient> recipients = claimed.recipients().stream().sorted((a, b) -> a.n() - b.n()).toList();
        Word word = Word.own("2.0.0", "ok");
        return new Attempt(claimed.mails().get(recipients.getFirst().mailId()), List.of(
                new Outcome(claimed.claim(), recipients.get(0), first, word),
                new Outcome(claimed.claim(), recipients.get(1), second, Word.own("4.0.0", "later"))), bench.now(), Optional.empty(), "");
    }

    private static void renewedLong(Instance instance) throws Exception {
        for (int i = 0; i < 3; i++) {
            instance.renew();
            instance.returnClaims();
        }
    }

    private static Instance joined(String name) throws Exception {
        Instance instance = new Instance(bench.dataSource(), name);
        instance.join();
        return instance;
    }
}
