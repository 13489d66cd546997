package org.postbus.mailbox.eventlog;

import io.quarkus.agroal.DataSource;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.postbus.events.Topics;
import org.postbus.mailbox.content.ContentReader;
import org.postbus.mailbox.content.Sweeper;
import org.postbus.mailbox.database.Database;
import org.postbus.mailbox.maildrop.AppliedUpdates;
import org.postbus.mailbox.maildrop.LockBreaker;
import org.postbus.mailbox.maildrop.MaildropSessions;
import org.postbus.mailbox.maildrop.MessageRuns;
import org.postbus.mailbox.maildrop.SessionContents;
import org.postbus.mailbox.trail.MailSearch;

/** Plain classes of this service as beans. */
final class MaildropBeans {

    @Produces
    @Singleton
    Database database(@DataSource("mailbox") javax.sql.DataSource source) {
        return new Database(source);
    }

    @Produces
    @Singleton
    ContentReader contentReader(Database database) {
        return new ContentReader(database);
    }

    @Produces
    @Singleton
    Sweeper sweeper(Database database) {
        return new Sweeper(database);
    }

    @Produces
    @Singleton
    AppliedUpdates appliedUpdates(Database database, EventLog log) {
        return new AppliedUpdates(database, log.admin());
    }

    @Produces
    @Singleton
    MaildropSessions maildropSessions(Database database, AppliedUpdates updates, EventLog log) {
        return new MaildropSessions(database, updates, () -> log.partitions(Topics.MAILDROP_UPDATED));
    }

    @Produces
    @Singleton
    SessionContents sessionContents(Database database) {
        return new SessionContents(database);
    }

    @Produces
    @Singleton
    MessageRuns messageRuns(Database database) {
        return new MessageRuns(database);
    }

    @Produces
    @Singleton
    LockBreaker lockBreaker(Database database, MaildropSessions sessions) {
        return new LockBreaker(database, sessions);
    }

    @Produces
    @Singleton
    MailSearch mailSearch(Database database) {
        return new MailSearch(database);
    }
}
