package org.postbus.mailbox.maildrop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.postbus.mailbox.TestMails.consumed;
import static org.postbus.mailbox.TestMails.routedTo;
import static org.postbus.mailbox.TestMails.whole;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.postbus.events.FactCodec;
import org.postbus.events.MailIds;
import org.postbus.events.MaildropUpdated;
import org.postbus.events.RoutedEnvelope;
import org.postbus.mailbox.Maildrops;
import org.postbus.mailbox.Servers;
import org.postbus.mailbox.content.Sweeper;
import org.postbus.mailbox.database.Database;
import org.postbus.mailbox.eventlog.EventLog;
import org.postbus.mailbox.filing.FilingMetrics;
import org.postbus.mailbox.filing.MailFiler;

@QuarkusTest
@QuarkusTestResource(Servers.class)
class MaildropUpdatesTest {

    @Inject
    Maildrops maildrops;

    @Inject
    EventLog log;

    @Inject
    Database database;

    @Inject
    Sweeper sweeper;

    @Test
    void deletedMessagesNeverComeBack() {
        UUID alice = maildrops.account();
        RoutedEnvelope kept = routedTo(alice);
        RoutedEnvelope deleted = routedTo(alice);
        file(kept, deleted);
        delete(alice, Optional.empty(), deleted);
        assertEquals(List.of(kept.accepted().mailId()), maildrops.listing(alice));
        assertTrue(maildrops.sumsAreRight(alice));
        maildrops.execute("delete from entry where mail_id = ?", deleted.accepted().mailId());
        maildrops.execute("delete from content where mail_id = ?", deleted.accepted().mailId());
        file(deleted);
        assertEquals(List.of(kept.accepted().mailId()), maildrops.listing(alice), "not even if its marker were lost");
        delete(alice, Optional.empty(), deleted);
        assertTrue(maildrops.sumsAreRight(alice), "deleting twice counts once");
    }

    @Test
    void aDeletionThatComesBeforeItsMailHolds() {
        UUID alice = maildrops.account();
        RoutedEnvelope mail = routedTo(alice);
        delete(alice, Optional.empty(), mail);
        file(mail);
        assertEquals(List.of(), maildrops.listing(alice));
        assertTrue(maildrops.sumsAreRight(alice));
    }

    @Test
    void aDeletionFromOneMaildropLeavesTheOthers() {
        UUID alice = maildrops.account();
        UUID bob = maildrops.account();
        RoutedEnvelope mail = routedTo(alice, bob);
        file(mail);
        delete(alice, Optional.empty(), mail);
        assertEquals(List.of(), maildrops.listing(alice));
        assertEquals(List.of(mail.accepted().mailId()), maildrops.listing(bob));
    }

    @Test
    void theSessionsLockGoesWithItsDeletions() {
        UUID alice = maildrops.account();
        MaildropSession session = lock(alice);
        RoutedEnvelope mail = routedTo(alice);
        file(mail);
        delete(alice, Optional.of(session.id()), mail);
        assertEquals(List.of(), maildrops.listing(alice));
        assertEquals(0, maildrops.number("select count(*) from maildrop_lock where account_id = ?", alice));
    }

    @Test
    void aFencedSessionDeletesNothing() {
        UUID alice = maildrops.account();
        RoutedEnvelope mail = routedTo(alice);
        file(mail);
        UUID fenced = MailIds.mint();
        maildrops.execute("insert into fenced_session (session_id) values (?)", fenced);
        MaildropSession next = lock(alice);
        delete(alice, Optional.of(fenced), mail);
        assertEquals(List.of(mail.accepted().mailId()), maildrops.listing(alice));
        assertEquals(1, maildrops.number("select count(*) from maildrop_lock where session_id = ?", next.id()));
    }

    @Test
    void octetsGoAnHourAfterTheLastEntry() {
        UUID alice = maildrops.account();
        UUID bob = maildrops.account();
        RoutedEnvelope mail = routedTo(alice, bob);
        file(mail);
        UUID mailId = mail.accepted().mailId();
        delete(alice, Optional.empty(), mail);
        anHourPasses(mailId);
        assertEquals(1, chunks(mailId), "bob has it still");
        delete(bob, Optional.empty(), mail);
        while (sweeper.sweep() == Sweeper.BATCH) {
            assertEquals(1, chunks(mailId));
        }
        assertEquals(1, chunks(mailId), "the hour is not over");
        anHourPasses(mailId);
        assertEquals(0, chunks(mailId));
        assertEquals(1, maildrops.number("select count(*) from content where mail_id = ? and swept_at is not null", mailId));
        file(mail);
        assertEquals(List.of(), maildrops.listing(alice));
        assertEquals(0, chunks(mailId));
    }

    @Test
    void aMaildropGoesWithItsAccount() {
        UUID alice = maildrops.account();
        lock(alice);
        RoutedEnvelope mail = routedTo(alice);
        file(mail);
        database.transaction(connection -> {
            MaildropRemoval.remove(connection, alice);
            return true;
        });
        assertEquals(List.of(), maildrops.listing(alice));
        assertEquals(0, maildrops.number("select count(*) from maildrop_lock where account_id = ?", alice));
        anHourPasses(mail.accepted().mailId());
        assertEquals(0, chunks(mail.accepted().mailId()));
    }

    private void anHourPasses(UUID mailId) {
        maildrops.execute("update sweep_due set due_at = now() where mail_id = ?", mailId);
        while (sweeper.sweep() == Sweeper.BATCH) {
            Thread.onSpinWait();
        }
    }

    private long chunks(UUID mailId) {
        return maildrops.number("select count(*) from content_chunk where mail_id = ?", mailId);
    }

    private MaildropSession lock(UUID account) {
        MaildropSession session = new MaildropSession(MailIds.mint(), "pop3-1", "192.0.2.9");
        database.transaction(connection -> MaildropLocks.take(connection, account, session));
        return session;
    }

    private void file(RoutedEnvelope... envelopes) {
        MailFiler filer = new MailFiler(log.producer(), (connection, record) -> { }, () -> { },
                new FilingMetrics(new SimpleMeterRegistry()));
        maildrops.apply(filer, List.of(envelopes).stream().map(envelope -> consumed(whole(envelope, "hi\r\n"))).toList());
    }

    private void delete(UUID account, Optional<UUID> session, RoutedEnvelope... mails) {
        MaildropUpdated update = new MaildropUpdated(account, session,
                List.of(mails).stream().map(mail -> mail.accepted().mailId()).toList(), "pop3", Instant.now());
        maildrops.apply(new MaildropUpdates(log.producer()),
                List.of(consumed(FactCodec.MAILDROP_UPDATED.encode(update, "pop3-gateway", 1), Instant.now())));
    }
}
