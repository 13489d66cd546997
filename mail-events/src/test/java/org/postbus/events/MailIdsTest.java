package org.postbus.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MailIdsTest {

    @Test
    void minted_ids_are_version_7_and_tell_their_time() {
        Instant before = Instant.ofEpochMilli(System.currentTimeMillis());
        UUID id = MailIds.mint();
        assertEquals(7, id.version());
        assertEquals(2, id.variant());
        assertTrue(!MailIds.time(id).isBefore(before));
        assertNotEquals(id, MailIds.mint());
    }

    @Test
    void a_derived_id_is_the_same_each_time_and_differs_by_purpose_and_origin() {
        Instant at = Instant.parse("2026-11-23T10:00:00Z");
        UUID dsn = MailIds.derived(Samples.MAIL, "dsn", at);
        assertEquals(dsn, MailIds.derived(Samples.MAIL, "dsn", at));
        assertEquals(7, dsn.version());
        assertEquals(at, MailIds.time(dsn));
        assertNotEquals(dsn, MailIds.derived(Samples.MAIL, "routed", at));
        assertNotEquals(dsn, MailIds.derived(MailIds.mint(), "dsn", at));
    }
}
