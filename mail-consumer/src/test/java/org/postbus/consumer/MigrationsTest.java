package org.postbus.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.embedded.EmbeddedServers;

/** Two versions of a program on one schema. */
class MigrationsTest {

    @TempDir
    private Path folder;
    private Migrations first;
    private Migrations second;

    @BeforeEach
    void prepare() throws Exception {
        EmbeddedServers.Database database = EmbeddedServers.forTests().freshDatabase();
        first = of(database, program("first", 1));
        second = of(database, program("second", 2));
    }

    @Test
    void theyAreDoneWhenTheLastIs() {
        assertFalse(first.done());
        first.run();
        assertTrue(first.done());
        assertFalse(second.done());
        second.run();
        assertTrue(second.done());
    }

    @Test
    void theVersionBeforeWorksOnANewerSchemaAndLeavesItSo() {
        second.run();
        assertTrue(first.done());
        first.run();
        assertEquals("the schema is migrated to version 2", first.summary());
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
