package org.postbus.mailbox.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.consumer.InfrastructureFailure;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.events.directory.DirectoryChange;
import org.postbus.events.directory.DirectoryChange.Deleted;
import org.postbus.events.directory.DirectoryChange.Put;
import org.postbus.events.directory.DirectoryChange.Rebuilding;
import org.postbus.events.directory.DirectoryEntry;
import org.postgresql.ds.PGSimpleDataSource;

/** Tables that were taken back to a point in time, and a log that has gone on. */
class RestoredDirectoryTest {

    private static final String DIRECTORY = """
            select name || ' ' || version from domain
            union all select address || ' ' || version || ' ' || enabled || ' ' || password_hash from account
            union all select address || ' ' || version || ' ' || array_to_string(targets, ',') from alias order by 1""";

    private static final List<String> UNTOUCHED = List.of("all@d.test 3 ann@d.test", "ann@d.test 2 true her", "d.test 1");

    private final UUID ann = new UUID(0, 1);
    private final UUID eve = new UUID(0, 2);
    private final List<DirectoryChange> published = new ArrayList<>();
    private final RestoredDirectory restored = new RestoredDirectory(new Log(), new Outbox(), () -> "lost");
    private String topic = "one";
    private boolean legible = true;
    private Connection connection;

    @BeforeEach
    void tables() throws SQLException {
        EmbeddedServers.Database fresh = EmbeddedServers.forTests().freshDatabase();
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(fresh.jdbcUrl());
        database.setUser(fresh.user());
        database.setPassword(fresh.password());
        database.setCurrentSchema("mailbox");
        Flyway.configure().dataSource(database).schemas("mailbox").locations("db/mailbox/migration").load().migrate();
        connection = database.getConnection();
        execute("insert into domain (name, version) values ('d.test', 1)");
        execute("insert into account (id, address, domain, password_hash, version) values ('" + ann + "', 'ann@d.test', 'd.test', 'her', 2)");
        execute("insert into alias (address, domain, targets, version) values ('all@d.test', 'd.test', '{ann@d.test}', 3)");
        execute("select setval('outbox_id', 10)");
        published.addAll(List.of(put(new DirectoryEntry.Domain("d.test", 1, Optional.empty())), account("ann", ann, 2, true),
                put(new DirectoryEntry.Alias("all@d.test", 3, List.of("ann@d.test")))));
        connection.setAutoCommit(false);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void whatIsMigratedMayHaveBeenRestored() throws SQLException {
        published.add(new Deleted("address:ann@d.test", 20));
        assertThrows(InfrastructureFailure.class, () -> DirectoryLife.require(connection));
        bringBack();
        assertEquals(List.of("all@d.test 3 ann@d.test", "d.test 1"), directory());
    }

    @Test
    void tablesThatHaveEverythingStayAsTheyAre() throws SQLException {
        compared("1 hour");
        bringBack();
        assertEquals(UNTOUCHED, directory());
        DirectoryLife.require(connection);
    }

    @Test
    void whatWasMadeChangedAndDeletedSinceIsSoAgain() throws SQLException {
        compared("1 hour");
        published.addAll(List.of(account("new", eve, 12, true), put(new DirectoryEntry.Domain("e.test", 11, Optional.empty())),
                put(new DirectoryEntry.Alias("x@e.test", 13, List.of("new@d.test"))), account("ann", ann, 14, false),
                new Deleted("address:all@d.test", 15), new Deleted("address:never@d.test", 16)));
        bringBack();
        assertEquals(List.of("ann@d.test 14 false her", "d.test 1", "e.test 11", "new@d.test 12 true lost", "x@e.test 13 new@d.test"),
                directory());
        assertEquals(eve.toString(), text("select id from account where address = 'new@d.test'"));
    }

    @Test
    void anAccountThatIsNotTheSameAnyMoreGoesWithItsMail() throws SQLException {
        compared("1 hour");
        execute("insert into content (mail_id, state, octets, chunks, header_from, header_subject, header_date)"
                + " values ('" + eve + "', 'filed', 1, 1, '', '', '')");
        execute("insert into entry (account_id, seq, mail_id, octets) values ('" + ann + "', 1, '" + eve + "', 1)");
        published.addAll(List.of(account("ann", eve, 12, true), put(new DirectoryEntry.Alias("all@d.test", 13, List.of("x@y.test")))));
        bringBack();
        assertEquals(List.of("all@d.test 13 x@y.test", "ann@d.test 12 true lost", "d.test 1"), directory());
        assertEquals("0", text("select count(*) from entry"));
    }

    @Test
    void aDeletionThatIsNotPublishedYetStands() throws SQLException {
        compared("1 hour");
        execute("delete from alias");
        execute("insert into outbox (id, topic, key, header_names, header_values)"
                + " values (9, 'mail.directory', convert_to('address:all@d.test', 'UTF8'), '{}', '{}')");
        bringBack();
        assertEquals(List.of("ann@d.test 2 true her", "d.test 1"), directory());
    }

    @Test
    void whatTheLogHasNewerIsNotSentBehindIt() throws SQLException {
        compared("1 hour");
        execute("insert into outbox (id, topic, key, header_names, header_values)"
                + " select id, topic, convert_to(key, 'UTF8'), '{}', '{}' from (values"
                + " (2, 'mail.directory', 'address:ann@d.test'), (8, 'mail.directory', 'address:all@d.test'), (9, 'mail.failed', 'd'),"
                + " (10, 'mail.directory', 'domain:d.test')) as waiting(id, topic, key)");
        published.add(new Deleted("address:all@d.test", 20));
        bringBack();
        assertEquals(List.of("9 d", "10 domain:d.test"), outbox());
        assertEquals(List.of("ann@d.test 2 true her", "d.test 1"), directory());
    }

    @Test
    void noVersionIsGivenTwice() throws SQLException {
        compared("1 hour");
        published.add(new Deleted("address:all@d.test", 400));
        bringBack();
        assertTrue(Long.parseLong(text("select nextval('outbox_id')")) > 400);
    }

    @Test
    void aMissingAccountMayComeBackUntilTheLogWasRead() throws SQLException {
        compared("1 hour");
        assertThrows(InfrastructureFailure.class, () -> DirectoryLife.require(connection));
        bringBack();
        DirectoryLife.require(connection);
    }

    @Test
    void whatANewTopicLacksIsPublishedAnewBetweenMarks() throws SQLException {
        compared("0 hours");
        topic = "other";
        published.clear();
        execute("insert into outbox (id, topic, key, header_names, header_values)"
                + " values (9, 'mail.directory', convert_to('address:all@d.test', 'UTF8'), '{}', '{}')");
        assertTrue(bringBack());
        assertEquals(List.of("0 directory:rebuilding", "1 domain:d.test", "2 address:ann@d.test", "9 address:all@d.test",
                "12 directory:rebuilding"), outbox());
        assertEquals(UNTOUCHED, directory());
        assertFalse(bringBack());
        execute("delete from outbox");
        published.add(new Rebuilding(11));
        assertFalse(bringBack());
    }

    @Test
    void aTopicThatIsNewAgainBeginsAgain() throws SQLException {
        compared("0 hours");
        topic = "other";
        published.clear();
        bringBack();
        execute("delete from outbox where id < 2");
        topic = "third";
        assertTrue(bringBack());
        assertEquals(List.of("0 directory:rebuilding", "1 domain:d.test", "2 address:ann@d.test", "3 address:all@d.test",
                "14 directory:rebuilding"), outbox());
    }

    @Test
    void whatANewTopicHasIsNotPublishedAgain() throws SQLException {
        compared("1 hour");
        topic = "other";
        published.removeIf(change -> change.key().equals("address:ann@d.test"));
        bringBack();
        assertEquals(List.of("0 directory:rebuilding", "2 address:ann@d.test", "12 directory:rebuilding"), outbox());
    }

    @Test
    void theSameTopicWithoutAnythingHasLostIt() throws SQLException {
        compared("0 hours");
        assertFalse(bringBack());
        published.clear();
        assertTrue(bringBack());
        assertEquals(5, outbox().size());
    }

    @Test
    void whatTheSameTopicHasForgottenGoesButAccountsStayDisabled() throws SQLException {
        compared("1 hour");
        published.removeIf(change -> change.key().startsWith("address:"));
        published.add(put(new DirectoryEntry.Domain("e.test", 20, Optional.empty())));
        execute("insert into domain (name, version) values ('gone.test', 4)");
        bringBack();
        assertEquals(List.of("ann@d.test 21 false her", "d.test 1", "e.test 20"), directory());
        assertEquals(List.of("0 directory:rebuilding", "21 address:ann@d.test", "25 directory:rebuilding"), outbox());
    }

    /** Nothing would bring its mail back. */
    @Test
    void anAccountThatTheSameTopicHasForgottenKeepsItsMailAndItsDomain() throws SQLException {
        compared("1 hour");
        published.clear();
        published.add(put(new DirectoryEntry.Domain("e.test", 20, Optional.empty())));
        execute("insert into content (mail_id, state, octets, chunks, header_from, header_subject, header_date) "
                + "values ('" + eve + "', 'filed', 1, 0, '', '', '')");
        execute("insert into entry (account_id, mail_id, octets, seq) values ('" + ann + "', '" + eve + "', 1, 1)");
        bringBack();
        assertEquals("1", text("select count(*) from entry"));
        assertTrue(directory().getFirst().matches("ann@d.test 2. false her"), directory().toString());
        assertTrue(directory().get(1).matches("d.test 2."), directory().toString());
    }

    @Test
    void whatMayBeInARecordThatCannotBeReadIsNotDeleted() throws SQLException {
        compared("1 hour");
        legible = false;
        published.removeIf(change -> change.key().startsWith("address:ann"));
        bringBack();
        assertEquals(UNTOUCHED, directory());
    }

    @Test
    void whatIsNewerThanTheEndOfTheSameTopicWasLostWithIt() throws SQLException {
        compared("1 hour");
        published.removeIf(change -> change.key().equals("address:all@d.test"));
        bringBack();
        assertEquals(UNTOUCHED, directory());
        assertEquals(List.of("0 directory:rebuilding", "3 address:all@d.test", "12 directory:rebuilding"), outbox());
    }

    @Test
    void aTopicThatIsBeingRebuiltHasForgottenNothing() throws SQLException {
        compared("1 hour");
        published.removeIf(change -> change.key().equals("address:ann@d.test"));
        published.add(new Rebuilding(11));
        bringBack();
        assertEquals(UNTOUCHED, directory());
        assertEquals(List.of("0 directory:rebuilding", "2 address:ann@d.test", "13 directory:rebuilding"), outbox());
    }

    /** What the test has published. */
    private final class Log implements RestoredDirectory.Log {

        @Override
        public RestoredDirectory.Topic topic() {
            return new RestoredDirectory.Topic(topic, published.isEmpty());
        }

        @Override
        public RestoredDirectory.Content read() {
            return new RestoredDirectory.Content(published, legible);
        }
    }

    private List<String> outbox() throws SQLException {
        return lines("select id || ' ' || convert_from(key, 'UTF8') from outbox order by id");
    }

    /** With this topic, in the life that the server had then. */
    private void compared(String ago) throws SQLException {
        execute("insert into directory_life select pg_postmaster_start_time() - interval '" + ago + "', 'one'");
    }

    private boolean bringBack() throws SQLException {
        return restored.bringBack(connection, true);
    }

    private static Put account(String localPart, UUID id, long version, boolean enabled) {
        return put(new DirectoryEntry.Account(localPart + "@d.test", version, id, enabled));
    }

    private static Put put(DirectoryEntry entry) {
        return new Put(DirectoryChange.key(entry), entry);
    }

    private List<String> directory() throws SQLException {
        return lines(DIRECTORY);
    }

    private List<String> lines(String query) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                lines.add(row.getString(1));
            }
        }
        return lines;
    }

    private String text(String query) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
