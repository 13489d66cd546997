package org.postbus.delivery.dkim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.embedded.EmbeddedServers;
import org.postgresql.ds.PGSimpleDataSource;

/** A secret that follows another, in a real PostgreSQL. */
class ResealingTest {

    private static final String OLDER = "the older secret of the tests, long enough";
    private static final String OLD = "the old secret of the tests, long enough";
    private static final String NEW = "the new secret of the tests, long enough";
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final PGSimpleDataSource database = new PGSimpleDataSource();

    @BeforeEach
    void migrate() {
        EmbeddedServers.Database fresh = EmbeddedServers.forTests().freshDatabase();
        database.setUrl(fresh.jdbcUrl());
        database.setUser(fresh.user());
        database.setPassword(fresh.password());
        database.setCurrentSchema("delivery");
        Flyway.configure().dataSource(database).schemas("delivery").locations("db/delivery/migration").load().migrate();
    }

    @Test
    void letsTheOldSecretGo() throws Exception {
        make("one.test", "s", OLD);
        make("two.test", "s", OLD);
        keys(NEW, OLD).sealAnew();
        assertEquals(List.of("s"), signing("one.test", NEW));
        assertEquals(List.of("s"), signing("two.test", NEW));
        assertEquals(List.of(), signing("one.test", OLD));
    }

    @Test
    void reachesKeysInEveryStateAndOfEveryPage() throws Exception {
        make("a.test", "retired", OLDER);
        make("a.test", "active", OLD);
        keys(OLD).generate("a.test", DkimAlgorithm.RSA_SHA256, Optional.of("pending"), false);
        make("b.test", "s", OLDER);
        make("c.test", "s", NEW);
        assertEquals(new Resealing.Result(4, List.of()), new Resealing(database, cipher(NEW, OLD, OLDER), 2).run());
        for (KeyTable.SealedRow row : rows()) {
            cipher(NEW).open(row.sealed(), row.domain(), row.selector());
        }
        assertEquals(List.of("active"), signing("a.test", NEW), "states stay");
    }

    @Test
    void leavesWhatIsUnderTheFirstAlone() throws Exception {
        make("a.test", "s", NEW);
        KeyTable.SealedRow before = rows().getFirst();
        assertEquals(new Resealing.Result(0, List.of()), new Resealing(database, cipher(NEW, OLD)).run());
        assertSame(before, rows().getFirst());
    }

    @Test
    void namesWhatNoSecretOpensAndLeavesItAlone() throws Exception {
        make("lost.test", "s", OLDER);
        make("a.test", "s", OLD);
        KeyTable.SealedRow lost = rows().getFirst();
        assertEquals(new Resealing.Result(1, List.of("s._domainkey.lost.test")), new Resealing(database, cipher(NEW, OLD)).run());
        assertSame(lost, rows().getFirst());
        assertEquals(List.of("s"), signing("lost.test", OLDER));
    }

    @Test
    void asksNothingWhereThereIsOneSecretOrNone() throws Exception {
        new DkimKeys(new PGSimpleDataSource(), Optional.of(cipher(NEW)), InstantSource.system(), () -> 0).sealAnew();
        new DkimKeys(new PGSimpleDataSource(), Optional.empty(), InstantSource.system(), () -> 0).sealAnew();
    }

    /** While new instances come up, old ones go on, and both sign. */
    @Test
    void isOpenToInstancesWhoseFileHasTheNewSecretBehindTheOld() throws Exception {
        make("a.test", "s", OLD);
        keys(NEW, OLD).sealAnew();
        assertEquals(List.of("s"), signing("a.test", OLD, NEW));
        keys(OLD, NEW).sealAnew();
        assertEquals(List.of("s"), signing("a.test", NEW, OLD));
    }

    @Test
    void doesNotTouchWhatAnotherInstanceHasSealed() throws Exception {
        make("a.test", "s", OLD);
        KeyTable.SealedRow read = rows().getFirst();
        new Resealing(database, cipher(NEW, OLD)).run();
        KeyTable.SealedRow now = rows().getFirst();
        assertNotEquals(read, now);
        try (Connection connection = database.getConnection()) {
            assertFalse(new KeyTable(connection).reseal(read, cipher(OLD).seal(new byte[1], "a.test", "s")));
        }
        assertSame(now, rows().getFirst());
    }

    @Test
    void isDoneOnceByInstancesThatStartTogether() throws Exception {
        int keys = 30;
        for (int i = 0; i < keys; i++) {
            make("d" + i + ".test", "s", OLD);
        }
        CyclicBarrier together = new CyclicBarrier(4);
        List<Callable<Integer>> starts = Collections.nCopies(4, () -> {
            together.await();
            return new Resealing(database, cipher(NEW, OLD)).run().anew();
        });
        int anew = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> done : threads.invokeAll(starts)) {
                anew += done.get();
            }
        }
        assertEquals(keys, anew);
        for (int i = 0; i < keys; i++) {
            assertEquals(List.of("s"), signing("d" + i + ".test", NEW));
        }
    }

    private static void assertSame(KeyTable.SealedRow expected, KeyTable.SealedRow actual) {
        assertEquals(expected.id(), actual.id());
        assertArrayEquals(expected.sealed().nonce(), actual.sealed().nonce());
        assertArrayEquals(expected.sealed().octets(), actual.sealed().octets());
    }

    private void make(String domain, String selector, String secret) throws SQLException {
        keys(secret).generate(domain, DkimAlgorithm.ED25519_SHA256, Optional.of(selector), true);
    }

    /** What an instance that starts now signs with. */
    private List<String> signing(String domain, String... secrets) throws SQLException {
        return keys(secrets).signing(Octets.utf8("From: a@" + domain + "\r\n")).stream().map(DkimKey::selector).toList();
    }

    private List<KeyTable.SealedRow> rows() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return new ArrayList<>(new KeyTable(connection).sealed(BEFORE_ALL, 100));
        }
    }

    private DkimKeys keys(String... secrets) {
        return new DkimKeys(database, Optional.of(cipher(secrets)), InstantSource.system(), () -> 0);
    }

    private static KeyCipher cipher(String... secrets) {
        return new KeyCipher(List.of(secrets));
    }
}
