package org.postbus.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.embedded.EmbeddedServers;

/** Two versions of a program on one schema. */
class MigrationsTest {

    @TempDir
    private Path folder;
    private EmbeddedServers.Database database;
    private Migrations first;
    private Migrations second;

    @BeforeEach
    void prepare() throws Exception {
        database = EmbeddedServers.forTests().freshDatabase();
        first = of(database, program("first", 1));
        second = of(database, program("second", 2));
    }

    @Test
    void theyAreDoneWhenTheLastIs() throws Exception {
        assertFalse(first.done());
        first.run();
        assertTrue(first.done());
        assertFalse(second.done());
        second.run();
        assertTrue(second.done());
    }

    @Test
    void theVersionBeforeWorksOnANewerSchemaAndLeavesItSo() throws Exception {
        second.run();
        assertTrue(first.done());
        first.run();
        assertEquals("the schema is migrated to version 2", first.summary());
    }

    /** An index that is made concurrently is no transaction: its row stays. */
    @Test
    void theVersionBeforeWorksOnBesideAMigrationThatFailed() throws Exception {
        Migrations broken = of(database, index("broken", "nothing"));
        assertThrows(FlywayException.class, broken::run);
        assertFalse(broken.done());
        assertTrue(first.done());
        first.run();
        assertTrue(first.done());
    }

    @Test
    void aMigrationThatFailedIsDoneOnceItIsMended() throws Exception {
        assertThrows(FlywayException.class, of(database, index("broken", "nothing"))::run);
        Migrations mended = of(database, index("mended", "n"));
        mended.run();
        assertTrue(mended.done());
    }

    @Test
    void aMigrationThatFailedIsNoExcuseForAnotherThatChanged() throws Exception {
        assertThrows(FlywayException.class, of(database, index("broken", "nothing"))::run);
        Path changed = index("changed", "n");
        Files.writeString(changed.resolve("V1__table.sql"), "create table another (n int);");
        FlywayException refused = assertThrows(FlywayException.class, of(database, changed)::run);
        assertTrue(refused.getMessage().contains("checksum"), refused::getMessage);
    }

    @Test
    void aDatabaseThatIsAwayIsNoMigrationThatFailed() {
        Migrations away = new Migrations(Flyway.configure().dataSource("jdbc:postgresql://127.0.0.1:1/none", "a", "b").load());
        assertThrows(SQLException.class, away::done);
    }

    private Path index(String name, String column) throws IOException {
        Path program = program(name, 1);
        Files.writeString(program.resolve("V2__index.sql"), "create index concurrently i on t1 (" + column + ");");
        return program;
    }

    private Path program(String name, int migrations) throws IOException {
        Path program = Files.createDirectory(folder.resolve(name));
        for (int n = 1; n <= migrations; n++) {
            Files.writeString(program.resolve("V" + n + "__table.sql"), "create table t" + n + " (n int);");
        }
        return program;
    }

    private static Migrations of(EmbeddedServers.Database database, Path program) {
        return new Migrations(Flyway.configure().dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("filesystem:" + program).ignoreMigrationPatterns("*:future").load());
    }
}
