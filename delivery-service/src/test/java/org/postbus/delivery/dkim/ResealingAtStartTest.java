package org.postbus.delivery.dkim;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.postbus.delivery.Servers;
import org.postgresql.ds.PGSimpleDataSource;

/** The service starts with a new secret above the one that a key was sealed under. */
@QuarkusTest
@QuarkusTestResource(value = ResealingAtStartTest.RotatedSecret.class, restrictToAnnotatedClass = true)
class ResealingAtStartTest {

    private static final String NEW = "new" + KeyCipherTest.SECRET;
    private static final Duration BOUND = Duration.ofSeconds(30);

    @Inject
    @DataSource("delivery")
    AgroalDataSource dataSource;

    @Test
    void theKeyIsUnderTheNewOneWhenItIsReady() throws Exception {
        long end = System.nanoTime() + BOUND.toNanos();
        while (given().get("/q/health/ready").statusCode() != 200) {
            assertTrue(System.nanoTime() - end < 0, "not ready");
            LockSupport.parkNanos(10_000_000);
        }
        try (Connection connection = dataSource.getConnection()) {
            KeyCipher.Sealed sealed = new KeyTable(connection).sealed(new UUID(0, 0), 1).getFirst().sealed();
            assertArrayEquals(Octets.latin1("a private key"), new KeyCipher(List.of(NEW)).open(sealed, "a.test", "s"));
        }
    }

    /** A database with one key, and the file. */
    public static class RotatedSecret implements QuarkusTestResourceLifecycleManager {

        private static final String KEY = "INSERT INTO delivery.dkim_key (id, domain, selector, algorithm, public_key, state, created_at, "
                + "nonce, private_key) VALUES (gen_random_uuid(), 'a.test', 's', 'rsa-sha256', '', 'pending', now(), ?, ?)";

        @Override
        public Map<String, String> start() {
            Map<String, String> settings = new HashMap<>(new Servers().start());
            try {
                PGSimpleDataSource database = new PGSimpleDataSource();
                database.setUrl(settings.get("quarkus.datasource.delivery.jdbc.url"));
                database.setUser(settings.get("quarkus.datasource.delivery.username"));
                database.setPassword(settings.get("quarkus.datasource.delivery.password"));
                Flyway.configure().dataSource(database).schemas("delivery").locations("db/delivery/migration").load().migrate();
                insert(database);
                Path file = Files.createTempFile("delivery-secret", ".txt");
                file.toFile().deleteOnExit();
                settings.put("delivery.secret-file", Files.writeString(file, NEW + "\n" + KeyCipherTest.SECRET + "\n").toString());
                return settings;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void insert(PGSimpleDataSource database) throws SQLException {
            try (Connection connection = database.getConnection(); PreparedStatement insert = connection.prepareStatement(KEY)) {
                insert.setBytes(1, KeyCipherTest.SEALED_LONG_AGO.nonce());
                insert.setBytes(2, KeyCipherTest.SEALED_LONG_AGO.octets());
                insert.executeUpdate();
            }
        }

        @Override
        public void stop() {
            // The servers stop with the JVM.
        }
    }
}
