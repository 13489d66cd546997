package org.postbus.mailbox.maildrop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.events.MailIds;
import org.postbus.mailbox.Maildrops;
import org.postbus.mailbox.Servers;
import org.postbus.mailbox.credential.KnownLogin;
import org.postbus.mailbox.database.Database;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class OpeningAtOnceTest {

    @Inject
    Maildrops maildrops;

    @Inject
    Database database;

    @Inject
    AppliedUpdates updates;

    private KnownLogin alice;
    private MaildropSessions sessions;

    @BeforeEach
    void makeAccountInABelievedDatabase() {
        alice = new KnownLogin(maildrops.account(), 1);
        sessions = sessionsThatBelieve(life());
    }

    @Test
    void inALifeOfTheDatabaseThatIsNotBelievedThereIsMoreToFindOut() {
        assertTrue(sessionsThatBelieve(life().minusSeconds(1)).openAtOnce(alice, session()).isEmpty());
        MaildropSessions fresh = new MaildropSessions(database, updates, () -> 1);
        assertTrue(fresh.openAtOnce(alice, session()).isEmpty());
    }

    @Test
    void aFreeMaildropIsLockedAndListed() throws IOException {
        fill(3);
        MaildropSession session = session();
        assertEquals(maildrops.listing(alice.accountId()), listed(session));
        assertEquals(1, locks(session));
        assertInstanceOf(Opening.InUse.class, sessions.open(alice.accountId(), session()));
    }

    @Test
    void aMaildropOfMoreThanOnePageIsListedWhole() throws IOException {
        fill(Snapshot.PAGE + 10);
        assertEquals(maildrops.listing(alice.accountId()), listed(session()));
    }

    @Test
    void aMaildropThatIsInUseIsLeftAlone() {
        MaildropSession first = session();
        sessions.open(alice.accountId(), first);
        assertTrue(sessions.openAtOnce(alice, session()).isEmpty());
        assertTrue(sessions.openAtOnce(alice, first).isEmpty(), "a repeated request is for the other way");
        maildrops.execute("update maildrop_lock set expires_at = now() - interval '1 second' where session_id = ?", first.id());
        assertTrue(sessions.openAtOnce(alice, session()).isEmpty(), "what the last session promised is looked for first");
        assertEquals(1, locks(first));
    }

    @Test
    void aChangedOrDisabledAccountIsNotOpened() {
        MaildropSession session = session();
        maildrops.execute("update account set credential_version = 2 where id = ?", alice.accountId());
        assertTrue(sessions.openAtOnce(alice, session).isEmpty());
        maildrops.execute("update account set credential_version = 1, enabled = false where id = ?", alice.accountId());
        assertTrue(sessions.openAtOnce(alice, session).isEmpty());
        assertTrue(sessions.openAtOnce(new KnownLogin(MailIds.mint(), 1), session).isEmpty());
        assertEquals(0, locks(session));
    }

    @Test
    void aFencedSessionNeverOpensAgain() {
        MaildropSession session = session();
        maildrops.execute("insert into fenced_session (session_id) values (?)", session.id());
        assertTrue(sessions.openAtOnce(alice, session).isEmpty());
    }

    @Test
    void ofManyAtATimeOneHasTheMaildrop() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 20; round++) {
                List<MaildropSession> all = Stream.generate(this::session).limit(8).toList();
                List<Callable<Boolean>> attempts = all.stream()
                        .<Callable<Boolean>>map(session -> () -> sessions.openAtOnce(alice, session).isPresent()).toList();
                int opened = 0;
                for (Future<Boolean> attempt : threads.invokeAll(attempts)) {
                    opened += attempt.get() ? 1 : 0;
                }
                assertEquals(1, opened);
                all.forEach(session -> sessions.close(session.id()));
            }
        }
    }

    @Test
    void manyMaildropsAreOpenedTogetherEachWithItsOwnMessages() throws Exception {
        List<UUID> accounts = Stream.generate(maildrops::account).limit(50).toList();
        for (int n = 0; n < accounts.size(); n += 2) {
            fill(accounts.get(n), n);
        }
        List<OpeningAtOnce.Asked> asked = accounts.stream()
                .map(account -> new OpeningAtOnce.Asked(new KnownLogin(account, 1), session(), life())).toList();
        List<Optional<Snapshot.Page>> opened = database.query(connection -> OpeningAtOnce.attempt(connection, asked));
        for (int n = 0; n < accounts.size(); n++) {
            assertEquals(n % 2 == 0 ? n : 0, opened.get(n).orElseThrow().count());
            assertEquals(maildrops.listing(accounts.get(n)), mails(opened.get(n).get().messages()));
            assertEquals(1, locks(asked.get(n).session()));
        }
        List<UUID> sessions = asked.stream().map(one -> one.session().id()).toList();
        database.query(connection -> {
            MaildropLocks.release(connection, sessions);
            return null;
        });
        asked.forEach(one -> assertEquals(0, locks(one.session())));
    }

    /** While its mail is being filed, for example: others are not to wait for that. */
    @Test
    void whoseAccountIsBusyIsLeftToTheOtherWay() {
        UUID free = maildrops.account();
        List<OpeningAtOnce.Asked> asked = Stream.of(alice.accountId(), free)
                .map(account -> new OpeningAtOnce.Asked(new KnownLogin(account, 1), session(), life())).toList();
        database.transaction(busy -> {
            MaildropLocks.lockAccount(busy, alice.accountId());
            List<Optional<Snapshot.Page>> opened = database.query(connection -> OpeningAtOnce.attempt(connection, asked));
            assertTrue(opened.getFirst().isEmpty());
            assertTrue(opened.getLast().isPresent());
            return null;
        });
        assertTrue(sessions.openAtOnce(alice, session()).isPresent());
    }

    @Test
    void leasesAreNotWaitedForOnDiskAndNothingElseIsRelaxed() {
        MaildropSession session = session();
        sessions.open(alice.accountId(), session);
        assertEquals(1, database.relaxedUpdate(
                "update maildrop_lock set gateway = current_setting('synchronous_commit') where session_id = ?", session.id()));
        assertEquals("off", maildrops.text("select gateway from maildrop_lock where session_id = ?", session.id()));
        sessions.close(session.id());
        sessions.openAtOnce(alice, session);
        // On each connection of the pool that a relaxed statement may have used.
        for (int n = 0; n < 30; n++) {
            assertEquals("on", maildrops.text("show synchronous_commit"));
        }
    }

    private List<UUID> listed(MaildropSession session) throws IOException {
        Opening.Opened opened = assertInstanceOf(Opening.Opened.class, sessions.openAtOnce(alice, session).orElseThrow());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        opened.snapshot().writeTo(out);
        return mails(out.toByteArray());
    }

    private static List<UUID> mails(byte[] listing) {
        ByteBuffer messages = ByteBuffer.wrap(listing);
        List<UUID> mails = new ArrayList<>();
        while (messages.hasRemaining()) {
            mails.add(new UUID(messages.getLong(), messages.getLong()));
            assertEquals(7, messages.getLong());
        }
        return mails;
    }

    private void fill(int count) {
        fill(alice.accountId(), count);
    }

    private void fill(UUID account, int count) {
        String mark = MailIds.mint().toString();
        maildrops.execute("insert into content (mail_id, state, octets, chunks, header_from, header_subject, header_date) "
                + "select gen_random_uuid(), 'filed', 7, 1, ?, '', '' from generate_series(1, ?)", mark, count);
        maildrops.execute("insert into entry (account_id, mail_id, seq, octets) select ?, mail_id, nextval('filing_seq'), 7 "
                + "from content where header_from = ?", account, mark);
    }

    private MaildropSession session() {
        return new MaildropSession(MailIds.mint(), "pop3-1", "192.0.2.9");
    }

    private long locks(MaildropSession session) {
        return maildrops.number("select count(*) from maildrop_lock where session_id = ?", session.id());
    }

    private MaildropSessions sessionsThatBelieve(Instant life) {
        DatabaseLives lives = new DatabaseLives();
        lives.caughtUp(alice.accountId(), 1, new DatabaseLives.Life(life, true));
        return new MaildropSessions(database, updates, () -> 1, lives);
    }

    private Instant life() {
        return database.query(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select pg_postmaster_start_time()")) {
                row.next();
                return row.getObject(1, OffsetDateTime.class).toInstant();
            }
        });
    }
}
