package org.postbus.delivery;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.events.TopicCheck;

/** The real Kafka and PostgreSQL that this module's tests run on, the topics, and the token. */
public class Servers implements QuarkusTestResourceLifecycleManager {

    static final String HOSTNAME = "mx.example.org";

    /** The token of the REST admin API. */
    public static final String ADMIN_TOKEN = "admin-token-of-the-tests-0123456789abcdef";

    @Override
    public Map<String, String> start() {
        EmbeddedServers servers = EmbeddedServers.forTests();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers.bootstrapServers()))) {
            TopicCheck.createStandalone(admin);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were made", e);
        }
        EmbeddedServers.Database database = servers.freshDatabase();
        return Map.of(
                "quarkus.datasource.delivery.jdbc.url", database.jdbcUrl(),
                "quarkus.datasource.delivery.username", database.user(),
                "quarkus.datasource.delivery.password", database.password(),
                "kafka.bootstrap.servers", servers.bootstrapServers(),
                "postbus.events.replicas", "1",
                "postbus.hostname", HOSTNAME,
                "postbus.admin-token-file", tokenFile(),
                "quarkus.http.test-port", "0");
    }

    @Override
    public void stop() {
        // The servers stop with the JVM.
    }

    private static String tokenFile() {
        try {
            Path file = Files.createTempFile("admin-token", ".txt");
            file.toFile().deleteOnExit();
            return Files.writeString(file, ADMIN_TOKEN).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
