package org.postbus.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.embedded.EmbeddedServers;

/** The Job that migrates, {@code postbus.migrate=only}; {@code images.ImagesTest} has the services that wait for it. */
class MigrationTest {

    private static final Duration WITHIN = Duration.ofSeconds(90);
    private static final List<String> SCHEMAS = List.of("delivery", "mailbox");

    @TempDir
    private Path folder;
    private EmbeddedServers.Database database;

    @BeforeEach
    void prepare() throws Exception {
        database = EmbeddedServers.forTests().freshDatabase();
    }

    /** Rolled back, the Job of the version before meets the schema of the next. */
    @Test
    void it_migrates_and_leaves_alone_what_the_next_version_did() throws Exception {
        ofEach(job -> assertEquals(0, job.process().exitValue(), job.printed()));
        for (String schema : SCHEMAS) {
            sql("insert into " + schema + ".flyway_schema_history select installed_rank + 1, '999', 'later', type,"
                    + " 'V999__later.sql', 1, installed_by, installed_on, 1, true from " + schema
                    + ".flyway_schema_history order by installed_rank desc limit 1");
        }
        ofEach(job -> {
            assertEquals(0, job.process().exitValue(), job.printed());
            assertTrue(job.printed().contains("the schema is migrated to version 999"), job.printed());
        });
    }

    @Test
    void where_it_cannot_migrate_it_fails() throws Exception {
        for (String schema : SCHEMAS) {
            sql("create schema " + schema, "create table " + schema + ".position (something int)");
        }
        ofEach(job -> assertNotEquals(0, job.process().exitValue(), job.printed()));
    }

    private interface Look {
        void at(ServiceProcess job) throws IOException;
    }

    /** Both at once, each told of the database alone; and looked at when it has ended. */
    private void ofEach(Look look) throws Exception {
        try (ServiceProcess delivery = start("delivery"); ServiceProcess mailbox = start("mailbox")) {
            for (ServiceProcess job : List.of(delivery, mailbox)) {
                assertTrue(job.process().waitFor(WITHIN), "it ends");
                look.at(job);
            }
        }
    }

    private ServiceProcess start(String schema) throws IOException {
        String source = "quarkus.datasource." + schema;
        return ServiceProcess.start(schema + "-service", Ports.next(), Map.of(
                source + ".jdbc.url", database.jdbcUrl(), source + ".username", database.user(),
                source + ".password", database.password(), "postbus.migrate", "only"), folder);
    }

    private void sql(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
