package org.postbus.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {

    @TempDir
    Path folder;

    @Test
    void keepsItsDataOverARestartAndRefusesAWrongPassword() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings())) {
            postgres.createDatabase("mail");
            postgres.createDatabase("mail");
            execute(postgres, "CREATE TABLE letter (id int)");
            assertThrows(SQLException.class, () ->
                    DriverManager.getConnection(postgres.jdbcUrl("mail"), EmbeddedPostgres.USER, "wrong").close());
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings())) {
            execute(postgres, "SELECT id FROM letter");
            assertEquals("rw-------", permissions(folder.resolve("postgres/password")));
        }
    }

    @Test
    void aServerThatIsKilledIsStartedAgain() {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings())) {
            long killed = postgres.pid();
            ProcessHandle.of(killed).orElseThrow().destroyForcibly();
            await(() -> postgres.pid() != killed && answers(postgres));
        }
    }

    @Test
    void aServerLeftBehindIsStoppedAtTheNextStart() {
        EmbeddedPostgres lost = EmbeddedPostgres.start(settings());
        lost.forget();
        ProcessHandle orphan = ProcessHandle.of(lost.pid()).orElseThrow();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings())) {
            assertFalse(orphan.isAlive());
            assertNotEquals(orphan.pid(), postgres.pid());
            assertTrue(answers(postgres));
        }
    }

    @Test
    void aPidFileThatNamesAStrangerDoesNotMatter() throws Exception {
        EmbeddedPostgres.start(settings()).close();
        Files.writeString(folder.resolve("postgres/data/postmaster.pid"), ProcessHandle.current().pid() + "\n");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings())) {
            assertTrue(answers(postgres));
        }
    }

    @Test
    void aHalfFinishedInitialisationIsThrownAway() throws Exception {
        Files.createDirectories(folder.resolve("postgres.unfinished/data/base"));
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings())) {
            assertTrue(answers(postgres));
        }
    }

    private EmbeddedPostgres.Settings settings() {
        return new EmbeddedPostgres.Settings(folder.resolve("postgres"), EmbeddedServers.userCache(folder), 0);
    }

    private static String permissions(Path file) throws Exception {
        return java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        postgres.jdbcUrl("mail"), EmbeddedPostgres.USER, postgres.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static boolean answers(EmbeddedPostgres postgres) {
        try (Connection connection = DriverManager.getConnection(
                postgres.jdbcUrl("postgres"), EmbeddedPostgres.USER, postgres.password())) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited 60 s");
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }
}
