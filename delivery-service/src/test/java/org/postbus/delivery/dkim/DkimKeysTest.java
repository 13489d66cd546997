package org.postbus.delivery.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.james.jdkim.DKIMVerifier;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.rest.PageRequest;
import org.postbus.rest.ProblemException;
import org.postbus.rest.ProblemType;
import org.postgresql.ds.PGSimpleDataSource;

/** The keys in a real PostgreSQL. */
class DkimKeysTest {

    private static final KeyCipher CIPHER = new KeyCipher(List.of("a secret of the tests, long enough"));
    private static final PGSimpleDataSource DATABASE = new PGSimpleDataSource();

    private final String domain = "d" + UUID.randomUUID().toString().substring(0, 8) + ".test";
    private Instant now = Instant.parse("2026-11-28T12:00:00.123456789Z");
    private long nanos;
    private final DkimKeys keys = keys(Optional.of(CIPHER));

    @BeforeAll
    static void migrate() {
        EmbeddedServers.Database fresh = EmbeddedServers.forTests().freshDatabase();
        DATABASE.setUrl(fresh.jdbcUrl());
        DATABASE.setUser(fresh.user());
        DATABASE.setPassword(fresh.password());
        DATABASE.setCurrentSchema("delivery");
        Flyway.configure().dataSource(DATABASE).schemas("delivery").locations("db/delivery/migration").load().migrate();
    }

    @Test
    void signNothingUntilTheyAreActivated() throws Exception {
        DkimKeyView made = keys.generate(domain, DkimAlgorithm.RSA_SHA256, Optional.empty(), false);
        assertEquals("pending", made.state());
        assertTrue(made.selector().matches("r20261128-[0-9a-f]{6}"), made.selector());
        assertEquals(List.of(), signing());
        now = now.plusSeconds(3600);
        DkimKeyView active = keys.activate(made.id());
        assertEquals("active", active.state());
        assertEquals(Optional.of(Instant.parse("2026-11-28T13:00:00.123456Z")), active.activatedAt());
        assertEquals(active, keys.get(made.id()));
        assertEquals(List.of(made.selector()), signing());
        assertEquals(active, keys.activate(made.id()), "an active key stays as it is");
    }

    @Test
    void ofBothAlgorithmsSignSideBySide() throws Exception {
        keys.generate(domain, DkimAlgorithm.ED25519_SHA256, Optional.of("ed"), true);
        keys.generate(domain, DkimAlgorithm.RSA_SHA256, Optional.of("rsa"), true);
        assertEquals(List.of("rsa", "ed"), signing());
    }

    @Test
    void signWhatTheirRecordVerifies() throws Exception {
        DkimKeyView made = keys.generate(domain, DkimAlgorithm.RSA_SHA256, Optional.of("rsa"), true);
        byte[] header = Octets.utf8("From: ann@" + domain + "\r\n");
        byte[] body = Octets.utf8("hello\r\n");
        String field = DkimSigner.fields(keys.signing(header), header, Octets.bodyHash(body), now);
        byte[] mail = Octets.concat(Octets.utf8(field), header, Octets.utf8("\r\n"), body);
        assertEquals(1, new DKIMVerifier((methods, selector, name) -> List.of(made.dns().value()))
                .verify(new ByteArrayInputStream(mail)).size());
    }

    @Test
    void takeEachOthersPlaceAndGoBack() throws Exception {
        DkimKeyView first = keys.generate(domain, DkimAlgorithm.RSA_SHA256, Optional.of("one"), true);
        keys.generate(domain, DkimAlgorithm.ED25519_SHA256, Optional.of("ed"), true);
        DkimKeyView second = keys.generate(domain, DkimAlgorithm.RSA_SHA256, Optional.of("two"), false);
        keys.activate(second.id());
        assertEquals(List.of("two", "ed"), signing());
        assertEquals("retired", keys.get(first.id()).state());
        assertTrue(keys.get(first.id()).retiredAt().isPresent());
        assertEquals(first.dns(), keys.get(first.id()).dns());
        keys.activate(first.id());
        assertEquals(List.of("one", "ed"), signing());
        assertEquals(Optional.empty(), keys.get(first.id()).retiredAt());
        keys.delete(first.id());
        keys.delete(second.id());
        assertEquals(List.of("ed"), signing());
        assertThrows(ProblemException.class, () -> keys.get(first.id()));
    }

    @Test
    void belongToOneDomainExactly() throws Exception {
        keys.generate("M\u00fcller." + domain, DkimAlgorithm.ED25519_SHA256, Optional.of("s"), true);
        assertEquals(List.of("s"), selectors("From: a@xn--mller-kva." + domain + "\r\n"));
        assertEquals(List.of("s"), selectors("From: a@m\u00dcller." + domain + "\r\n"));
        assertEquals(List.of(), selectors("From: a@" + domain + "\r\n"));
        assertEquals(List.of(), selectors("From: a@x.m\u00fcller." + domain + "\r\n"));
    }

    @Test
    void areKnownToOtherInstancesWithinTenSeconds() throws Exception {
        DkimKeys other = keys(Optional.of(CIPHER));
        byte[] header = Octets.utf8("From: a@" + domain + "\r\n");
        assertEquals(0, other.signing(header).size());
        keys.generate(domain, DkimAlgorithm.ED25519_SHA256, Optional.empty(), true);
        assertEquals(0, other.signing(header).size());
        nanos += ActiveKeys.KEPT.toNanos();
        assertEquals(1, other.signing(header).size());
    }

    @Test
    void haveSelectorsOfTheirOwn() throws Exception {
        keys.generate(domain, DkimAlgorithm.ED25519_SHA256, Optional.of("S"), false);
        assertEquals(ProblemType.ALREADY_EXISTS, problem(() -> keys.generate(domain, DkimAlgorithm.RSA_SHA256, Optional.of("s"), true)));
        assertEquals(List.of(), signing());
        keys.generate("other." + domain, DkimAlgorithm.ED25519_SHA256, Optional.of("s"), false);
    }

    @Test
    void areOneAtATimeHoweverManyAreActivatedAtOnce() throws Exception {
        List<Callable<DkimKeyView>> changes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            UUID made = keys.generate(domain, DkimAlgorithm.ED25519_SHA256, Optional.of("p" + i), false).id();
            String selector = "n" + i;
            changes.add(() -> keys.activate(made));
            changes.add(() -> keys.generate(domain, DkimAlgorithm.ED25519_SHA256, Optional.of(selector), true));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<DkimKeyView> done : threads.invokeAll(changes)) {
                assertEquals("active", done.get().state());
            }
        }
        assertEquals(1, signing().size());
    }

    @Test
    void areListedInPages() throws Exception {
        for (int i = 0; i < 3; i++) {
            keys.generate(domain, DkimAlgorithm.ED25519_SHA256, Optional.of("s" + i), false);
        }
        assertEquals(List.of("s0", "s1", "s2"),
                keys.list(new PageRequest(), Optional.of(domain)).items().stream().map(DkimKeyView::selector).toList());
        assertEquals(List.of(), keys.list(new PageRequest(), Optional.of("no domain")).items());
        assertTrue(keys.list(new PageRequest(), Optional.empty()).items().size() >= 3);
    }

    @Test
    void areNotMadeAndDoNotSignWithoutASecret() throws Exception {
        UUID made = keys.generate(domain, DkimAlgorithm.ED25519_SHA256, Optional.of("s"), true).id();
        DkimKeys none = keys(Optional.empty());
        assertEquals(List.of(), none.signing(Octets.utf8("From: a@" + domain + "\r\n")));
        assertEquals(ProblemType.UNAVAILABLE, problem(() -> none.generate(domain, DkimAlgorithm.ED25519_SHA256, Optional.empty(), true)));
        assertEquals("s", none.get(made).selector(), "what there is can be seen");
    }

    @Test
    void doNotSignUnderAnotherSecret() throws Exception {
        keys.generate(domain, DkimAlgorithm.ED25519_SHA256, Optional.of("s"), true);
        KeyCipher another = new KeyCipher(List.of("another secret of the tests, long enough"));
        assertEquals(List.of(), keys(Optional.of(another)).signing(Octets.utf8("From: a@" + domain + "\r\n")));
    }

    @Test
    void areSealedInTheTable() throws Exception {
        UUID id = keys.generate(domain, DkimAlgorithm.ED25519_SHA256, Optional.of("s"), true).id();
        byte[] encoded = keys.signing(Octets.utf8("From: a@" + domain + "\r\n")).getFirst().privateKey().getEncoded();
        try (Connection connection = DATABASE.getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT * FROM dkim_key WHERE id = ?")) {
            statement.setObject(1, id);
            ResultSet row = statement.executeQuery();
            assertTrue(row.next());
            String secret = new String(encoded, encoded.length - 32, 32, StandardCharsets.ISO_8859_1);
            for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                byte[] octets = row.getBytes(column);
                assertTrue(octets == null || !new String(octets, StandardCharsets.ISO_8859_1).contains(secret));
            }
        }
    }

    @Test
    void thatAreUnknownAreNotFound() {
        UUID none = UUID.randomUUID();
        assertEquals(ProblemType.NOT_FOUND, problem(() -> keys.get(none)));
        assertEquals(ProblemType.NOT_FOUND, problem(() -> keys.activate(none)));
        assertEquals(ProblemType.NOT_FOUND, problem(() -> {
            keys.delete(none);
            return none;
        }));
    }

    private static ProblemType problem(Callable<?> call) {
        return assertThrows(ProblemException.class, call::call).problem().kind();
    }

    private List<String> signing() throws SQLException {
        return selectors("From: Ann <ann@" + domain + ">\r\n");
    }

    private List<String> selectors(String header) throws SQLException {
        return keys.signing(Octets.utf8(header)).stream().map(DkimKey::selector).toList();
    }

    private DkimKeys keys(Optional<KeyCipher> cipher) {
        return new DkimKeys(DATABASE, cipher, () -> now, () -> nanos);
    }
}
