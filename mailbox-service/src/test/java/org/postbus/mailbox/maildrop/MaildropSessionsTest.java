package org.postbus.mailbox.maildrop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.postbus.consumer.EventProducer;
import org.postbus.events.FactCodec;
import org.postbus.events.MailIds;
import org.postbus.events.MaildropUpdated;
import org.postbus.events.Topics;
import org.postbus.mailbox.Maildrops;
import org.postbus.mailbox.Servers;
import org.postbus.mailbox.database.Database;
import org.postbus.mailbox.eventlog.EventLog;

/** The lock with the real event log and the service's own poll loop behind it. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
class MaildropSessionsTest {

    @Inject
    Maildrops maildrops;

    @Inject
    MaildropSessions sessions;

    @Inject
    AppliedUpdates updates;

    @Inject
    LockBreaker breaker;

    @Inject
    Database database;

    @Inject
    EventLog log;

    @Test
    void oneSessionHasAMaildropAtATime() {
        UUID alice = maildrops.account();
        MaildropSession first = session();
        assertInstanceOf(Opening.Opened.class, sessions.open(alice, first));
        assertInstanceOf(Opening.InUse.class, sessions.open(alice, session()));
        sessions.close(first.id());
        assertInstanceOf(Opening.Opened.class, sessions.open(alice, session()));
    }

    @Test
    void aRepeatedRequestOfTheSameSessionIsAnsweredAgain() {
        UUID alice = maildrops.account();
        MaildropSession session = session();
        sessions.open(alice, session);
        assertInstanceOf(Opening.Opened.class, sessions.open(alice, session));
    }

    @Test
    void aLoginRightAfterQuitSeesTheUpdatedMaildrop() {
        UUID alice = maildrops.account();
        UUID kept = entry(alice, 10);
        UUID deleted = entry(alice, 20);
        MaildropSession first = session();
        sessions.open(alice, first);
        publish(new MaildropUpdated(alice, Optional.of(first.id()), List.of(deleted), "pop3", Instant.now()));
        Opening.Opened next = assertInstanceOf(Opening.Opened.class, sessions.open(alice, session()));
        assertEquals(List.of(kept), mailIds(next.snapshot()));
    }

    @Test
    void aDatabaseThatLostPromisedDeletionsAndTheirLockIsBelievedOnlyWhenTheyAreAppliedAgain() {
        UUID alice = maildrops.account();
        UUID kept = entry(alice, 10);
        UUID deleted = entry(alice, 20);
        // Restored to a point before the session: no lock, and the deletions are yet to be applied.
        Opening early = whileUpdatesStand(() -> {
            publish(new MaildropUpdated(alice, Optional.of(MailIds.mint()), List.of(deleted), "pop3", Instant.now()));
            return ofANewProcess().open(alice, session());
        });
        assertInstanceOf(Opening.TryLater.class, early);
        Opening.Opened next = assertInstanceOf(Opening.Opened.class, ofANewProcess().open(alice, session()));
        assertEquals(List.of(kept), mailIds(next.snapshot()));
    }

    @Test
    void anExpiredLockIsTakenOverAndItsSessionIsFenced() {
        UUID alice = maildrops.account();
        UUID mail = entry(alice, 10);
        MaildropSession first = session();
        sessions.open(alice, first);
        expire(first);
        assertInstanceOf(Opening.Opened.class, sessions.open(alice, session()));
        assertFalse(sessions.renew(first.id()));
        publish(new MaildropUpdated(alice, Optional.of(first.id()), List.of(mail), "pop3", Instant.now()));
        UUID later = MailIds.mint();
        publish(new MaildropUpdated(alice, Optional.empty(), List.of(later), "rest", Instant.now()));
        Maildrops.await("the deletion behind it", () -> tombstones(later) == 1);
        assertEquals(List.of(mail), maildrops.listing(alice), "the fenced session's deletion has no effect");
    }

    /** A gateway wakes past its lease and renews, between a takeover's look at the lock and its fence. */
    @Test
    void whoRenewsBesideATakeoverIsToldThatTheLockIsGone() {
        UUID alice = maildrops.account();
        MaildropSession first = session();
        sessions.open(alice, first);
        expire(first);
        CompletableFuture<Boolean> renewal = database.transaction(takeover -> {
            MaildropLocks.lockAccount(takeover, alice);
            assertTrue(MaildropLocks.look(takeover, alice).orElseThrow().expired());
            CompletableFuture<Boolean> renewing = CompletableFuture.supplyAsync(() -> sessions.renew(first.id()));
            Maildrops.await("the renewal", () -> renewing.isDone() || maildrops.number("""
                    select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%update maildrop_lock%'""") == 1);
            MaildropLocks.fence(takeover, first.id());
            return renewing;
        });
        assertFalse(renewal.join());
    }

    @Test
    void deletionsPromisedBeforeTheLeaseEndedHoldEvenIfItIsOver() {
        UUID alice = maildrops.account();
        UUID mail = entry(alice, 10);
        MaildropSession first = session();
        sessions.open(alice, first);
        publish(new MaildropUpdated(alice, Optional.of(first.id()), List.of(mail), "pop3", Instant.now()));
        expire(first);
        Opening.Opened next = assertInstanceOf(Opening.Opened.class, sessions.open(alice, session()));
        assertEquals(List.of(), mailIds(next.snapshot()));
    }

    @Test
    void theNextSessionWaitsUntilTheLastOnesDeletionsAreApplied() throws Exception {
        UUID alice = maildrops.account();
        UUID mail = entry(alice, 10);
        MaildropSession first = session();
        sessions.open(alice, first);
        CompletableFuture<Opening> next = whileUpdatesStand(() -> {
            publish(new MaildropUpdated(alice, Optional.of(first.id()), List.of(mail), "pop3", Instant.now()));
            expire(first);
            CompletableFuture<Opening> opening = CompletableFuture.supplyAsync(() -> sessions.open(alice, session()));
            assertThrows(TimeoutException.class, () -> opening.get(500, TimeUnit.MILLISECONDS));
            return opening;
        });
        assertEquals(0, assertInstanceOf(Opening.Opened.class, next.get(10, TimeUnit.SECONDS)).snapshot().messages());
    }

    @Test
    void aSessionThatWaitsTooLongIsToldToTryLater() {
        UUID alice = maildrops.account();
        MaildropSession first = session();
        sessions.open(alice, first);
        Opening next = whileUpdatesStand(() -> {
            publish(new MaildropUpdated(alice, Optional.of(first.id()), List.of(), "pop3", Instant.now()));
            return sessions.open(alice, session());
        });
        assertInstanceOf(Opening.TryLater.class, next);
        assertInstanceOf(Opening.Opened.class, sessions.open(alice, session()));
    }

    @Test
    void anExpiredLeaseThatNobodyTookMayBeRenewed() {
        UUID alice = maildrops.account();
        MaildropSession first = session();
        sessions.open(alice, first);
        expire(first);
        assertTrue(sessions.renew(first.id()));
        assertInstanceOf(Opening.InUse.class, sessions.open(alice, session()));
    }

    @Test
    void aFencedSessionNeverOpensAgain() {
        UUID alice = maildrops.account();
        MaildropSession fenced = session();
        maildrops.execute("insert into fenced_session (session_id) values (?)", fenced.id());
        assertInstanceOf(Opening.Refused.class, sessions.open(alice, fenced));
    }

    @Test
    void anAccountThatWentSinceItsLoginIsRefused() {
        assertInstanceOf(Opening.Refused.class, sessions.open(MailIds.mint(), session()));
    }

    @Test
    void aBrokenLockEndsWithItsLease() {
        UUID alice = maildrops.account();
        UUID mail = entry(alice, 10);
        MaildropSession first = session();
        sessions.open(alice, first);
        SessionView view = breaker.revoke(first.id()).orElseThrow();
        assertFalse(breaker.release(view), "the session may promise deletions until its lease ends");
        assertFalse(sessions.renew(first.id()));
        publish(new MaildropUpdated(alice, Optional.of(MailIds.mint()), List.of(mail), "pop3", Instant.now()));
        expire(first);
        assertTrue(breaker.release(view));
        Opening.Opened next = assertInstanceOf(Opening.Opened.class, sessions.open(alice, session()));
        assertEquals(0, next.snapshot().messages());
        assertTrue(maildrops.number("select count(*) from fenced_session where session_id = ?", first.id()) == 1);
    }

    @Test
    void aLargeMaildropIsListedInOrderAndWhole() throws IOException {
        UUID alice = maildrops.account();
        maildrops.execute("insert into content (mail_id, state, octets, chunks, header_from, header_subject, header_date) "
                + "select gen_random_uuid(), 'filed', 7, 1, 'bulk', '', '' from generate_series(1, 10000)");
        maildrops.execute("insert into entry (account_id, mail_id, seq, octets) select ?, mail_id, nextval('filing_seq'), 7 "
                + "from content where header_from = 'bulk'", alice);
        Snapshot snapshot = Snapshot.of(database, alice);
        UUID late = entry(alice, 5);
        assertEquals(10_000, snapshot.messages());
        assertEquals(70_000, snapshot.octets());
        List<UUID> listed = mailIds(snapshot);
        assertEquals(maildrops.listing(alice).subList(0, 10_000), listed);
        assertFalse(listed.contains(late));
        maildrops.execute("delete from entry where mail_id = ?", listed.getLast());
        assertThrows(IOException.class, () -> snapshot.writeTo(new ByteArrayOutputStream()));
    }

    /** No instance can apply updates meanwhile: the stored positions are locked. */
    private <T> T whileUpdatesStand(Supplier<T> act) {
        return database.transaction(connection -> {
            try (var lock = connection.prepareStatement("select 1 from position where topic = 'maildrop.updated' for update")) {
                lock.execute();
            }
            return act.get();
        });
    }

    /** One that has not seen this life of the database. */
    private MaildropSessions ofANewProcess() {
        return new MaildropSessions(database, updates, () -> log.partitions(Topics.MAILDROP_UPDATED));
    }

    private MaildropSession session() {
        return new MaildropSession(MailIds.mint(), "pop3-1", "192.0.2.9");
    }

    private void expire(MaildropSession session) {
        maildrops.execute("update maildrop_lock set expires_at = now() - interval '1 second' where session_id = ?", session.id());
    }

    private UUID entry(UUID account, long octets) {
        UUID mailId = MailIds.mint();
        maildrops.execute("insert into content (mail_id, state, octets, chunks, header_from, header_subject, header_date) "
                + "values (?, 'filed', ?, 1, '', '', '')", mailId, octets);
        maildrops.execute("insert into entry (account_id, mail_id, seq, octets) values (?, ?, nextval('filing_seq'), ?)",
                account, mailId, octets);
        maildrops.execute("update account set used_bytes = used_bytes + ?, message_count = message_count + 1 where id = ?",
                octets, account);
        return mailId;
    }

    private long tombstones(UUID mailId) {
        return maildrops.number("select count(*) from tombstone where mail_id = ?", mailId);
    }

    private void publish(MaildropUpdated update) {
        EventProducer.awaitAll(List.of(log.producer().send(FactCodec.MAILDROP_UPDATED.encode(update, "pop3-gateway",
                log.partitions(Topics.MAILDROP_UPDATED)))), EventProducer.ACKNOWLEDGED_WITHIN);
    }

    private static List<UUID> mailIds(Snapshot snapshot) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            snapshot.writeTo(out);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        ByteBuffer messages = ByteBuffer.wrap(out.toByteArray());
        List<UUID> mails = new java.util.ArrayList<>();
        while (messages.hasRemaining()) {
            mails.add(new UUID(messages.getLong(), messages.getLong()));
            messages.getLong();
        }
        return mails;
    }
}
