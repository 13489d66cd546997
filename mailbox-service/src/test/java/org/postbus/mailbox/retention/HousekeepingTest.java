package org.postbus.mailbox.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.postbus.events.MailIds;
import org.postbus.mailbox.Maildrops;
import org.postbus.mailbox.Servers;

/** The horizon of the tests is the default, 7 days and a margin of one. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
class HousekeepingTest {

    private static final int BEYOND_HOURS = 8 * 24 + 1;
    private static final int WITHIN_HOURS = 8 * 24 - 1;

    @Inject
    Maildrops maildrops;

    @Inject
    Housekeeping housekeeping;

    @Test
    void markersGoBeyondTheHorizonUnlessADeadLetterCouldBringTheMailBack() {
        UUID old = marker(BEYOND_HOURS);
        UUID young = marker(WITHIN_HOURS);
        UUID buried = marker(BEYOND_HOURS);
        deadLetterOf(buried);
        housekeeping.run();
        assertEquals(0, count("content", old));
        assertEquals(1, count("content", young));
        assertEquals(1, count("content", buried));
    }

    @Test
    void tombstonesGoBeyondTheHorizonUnlessADeadLetterCouldBringTheMailBack() {
        UUID old = tombstone(BEYOND_HOURS);
        UUID young = tombstone(WITHIN_HOURS);
        UUID buried = tombstone(BEYOND_HOURS);
        deadLetterOf(buried);
        housekeeping.run();
        assertEquals(0, count("tombstone", old));
        assertEquals(1, count("tombstone", young));
        assertEquals(1, count("tombstone", buried));
    }

    @Test
    void trailsAndDeadLettersGoByAge() {
        UUID mail = MailIds.mint();
        maildrops.execute("insert into trail_mail (mail_id, reverse_path, first_at) values (?, '', now() - interval '91 days')", mail);
        deadLetterOf(mail);
        maildrops.execute("update dead_letter set buried_at = now() - interval '91 days' where mail_id = ?", mail);
        housekeeping.run();
        assertEquals(0, count("trail_mail", mail));
        assertEquals(0, count("dead_letter", mail));
    }

    private UUID marker(int hours) {
        UUID mailId = MailIds.mint();
        maildrops.execute("insert into content (mail_id, state, octets, chunks, header_from, header_subject, header_date, swept_at) "
                + "values (?, 'filed', 1, 0, '', '', '', now() - ? * interval '1 hour')", mailId, hours);
        return mailId;
    }

    private UUID tombstone(int hours) {
        UUID mailId = MailIds.mint();
        maildrops.execute("insert into tombstone values (?, ?, now() - ? * interval '1 hour')", MailIds.mint(), mailId, hours);
        return mailId;
    }

    private void deadLetterOf(UUID mailId) {
        maildrops.execute("""
                insert into dead_letter (id, service, topic, partition, "offset", reason, buried_at, mail_id, header_names, header_values)
                values (?, 'mailbox', 'mail.routed', 0, ?, '', now(), ?, '{}', '{}')""",
                MailIds.mint(), System.nanoTime(), mailId);
    }

    private long count(String table, UUID mailId) {
        return maildrops.number("select count(*) from " + table + " where mail_id = ?", mailId);
    }
}
