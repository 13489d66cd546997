package org.postbus.delivery.tlspolicy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.delivery.queue.QueueDatabase;
import org.postbus.delivery.tlspolicy.PolicyStore.Stored;
import org.postbus.delivery.tlspolicy.PolicyStore.UnreadableException;

/** Policies that several instances know, and one that is started anew. */
class SharedPolicyStoreTest {

    private static final String DOMAIN = "example.org";
    private static QueueDatabase database;

    private Instant now = Instant.parse("2026-11-01T00:00:00.123456789Z");
    private final SharedPolicyStore store = store();

    @BeforeAll
    static void begin() throws Exception {
        database = new QueueDatabase();
    }

    @AfterAll
    static void end() {
        database.close();
    }

    @BeforeEach
    void empty() throws Exception {
        database.execute("truncate mta_sts_policy");
    }

    @Test
    void whatOneHasFetchedTheNextOneKnowsToo() throws Exception {
        Stored stored = new Stored("20261101", new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("mx.example.org", "*.example.net"),
                Duration.ofSeconds(604_801)), now);
        store.put(DOMAIN, stored);
        Stored known = store().find(DOMAIN).orElseThrow();
        assertEquals(stored.policy(), known.policy());
        assertEquals(stored.id(), known.id());
        assertEquals(Instant.parse("2026-11-01T00:00:00.123456Z"), known.fetched());
        assertEquals(store.find(DOMAIN), Optional.of(known));
        assertEquals(Optional.empty(), store().find("example.net"));
    }

    @Test
    void aLaterOneReplacesItAndAnEarlierOneDoesNot() throws Exception {
        store.put(DOMAIN, stored("2", now.plusSeconds(1)));
        store().put(DOMAIN, stored("1", now));
        assertEquals("2", store().find(DOMAIN).orElseThrow().id());
        store().put(DOMAIN, stored("3", now.plusSeconds(2)));
        assertEquals("3", store().find(DOMAIN).orElseThrow().id());
    }

    @Test
    void postgresqlIsAskedOnceInFiveMinutes() throws Exception {
        assertEquals(Optional.empty(), store.find(DOMAIN));
        store().put(DOMAIN, stored("1", now));
        now = now.plus(SharedPolicyStore.REREAD).minusNanos(1);
        assertEquals(Optional.empty(), store.find(DOMAIN));
        now = now.plusNanos(1);
        assertEquals("1", store.find(DOMAIN).orElseThrow().id());
    }

    @Test
    void whatIsKnownHoldsWhilePostgresqlDoesNotAnswer() throws Exception {
        store.put(DOMAIN, stored("1", now));
        assertEquals(Optional.empty(), store.find("none.example"));
        now = now.plus(Duration.ofHours(1));
        whileAway(() -> {
            assertEquals("1", store.find(DOMAIN).orElseThrow().id());
            assertEquals(Optional.empty(), store.find("none.example"));
            assertThrows(UnreadableException.class, () -> store.find("another.example"));
            assertThrows(UnreadableException.class, () -> store().find(DOMAIN));
        });
        assertEquals(Optional.empty(), store.find("another.example"));
    }

    @Test
    void whatIsFetchedWhilePostgresqlDoesNotAnswerIsKnownAndComesThereLater() throws Exception {
        whileAway(() -> {
            store.put(DOMAIN, stored("1", now));
            assertEquals("1", store.find(DOMAIN).orElseThrow().id());
        });
        assertEquals(Optional.empty(), store().find(DOMAIN));
        now = now.plus(SharedPolicyStore.RETRY);
        assertEquals("1", store.find(DOMAIN).orElseThrow().id());
        assertEquals("1", store().find(DOMAIN).orElseThrow().id());
    }

    /** As after a backup was restored. */
    @Test
    void whatPostgresqlHasLostReturns() throws Exception {
        store.put(DOMAIN, stored("1", now));
        database.execute("truncate mta_sts_policy");
        now = now.plus(SharedPolicyStore.REREAD);
        store.find(DOMAIN);
        assertEquals("1", store().find(DOMAIN).orElseThrow().id());
    }

    @Test
    void whatHoldsNoLongerGoes() throws Exception {
        store.put(DOMAIN, stored("1", now));
        now = now.plus(Duration.ofDays(2));
        store.put("example.net", stored("1", now));
        assertEquals("example.net", database.value("select string_agg(domain, ' ') from mta_sts_policy"));
        store.find(DOMAIN);
        assertEquals("1", database.value("select count(*) from mta_sts_policy"), "it has returned");
    }

    private interface Act {
        void run() throws Exception;
    }

    private static void whileAway(Act act) throws Exception {
        database.execute("alter table mta_sts_policy rename to away");
        try {
            act.run();
        } finally {
            database.execute("alter table away rename to mta_sts_policy");
        }
    }

    private SharedPolicyStore store() {
        return new SharedPolicyStore(database.dataSource(), () -> now);
    }

    private static Stored stored(String id, Instant fetched) {
        return new Stored(id, new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("mx.example.org"), Duration.ofDays(1)), fetched);
    }
}
