package org.postbus.mailbox;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.events.TopicCheck;

/** The real Kafka and PostgreSQL that this module's tests run on, the topics, and the two tokens. */
public class Servers implements QuarkusTestResourceLifecycleManager {

    public static final String ADMIN_TOKEN = "admin-token-of-the-tests-0123456789abcdef";
    public static final String INTERNAL_TOKEN = "internal-token-of-the-tests-0123456789abcdef";

    @Override
    public Map<String, String> start() {
        EmbeddedServers servers = EmbeddedServers.forTests();
        createTopics(servers);
        EmbeddedServers.Database database = servers.freshDatabase();
        Map<String, String> config = new HashMap<>();
        config.put("quarkus.datasource.mailbox.jdbc.url", database.jdbcUrl());
        config.put("quarkus.datasource.mailbox.username", database.user());
        config.put("quarkus.datasource.mailbox.password", database.password());
        config.put("kafka.bootstrap.servers", servers.bootstrapServers());
        config.put("postbus.admin-token-file", file("admin-token", ADMIN_TOKEN));
        config.put("postbus.internal-token-file", file("internal-token", INTERNAL_TOKEN));
        config.put("postbus.events.replicas", "1");
        config.put("quarkus.http.test-port", "0");
        return config;
    }

    @Override
    public void stop() {
        // The servers stop with the JVM.
    }

    private static void createTopics(EmbeddedServers servers) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers.bootstrapServers()))) {
            TopicCheck.createStandalone(admin);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were made", e);
        }
    }

    private static String file(String name, String token) {
        try {
            Path file = Files.createTempFile(name, ".txt");
            file.toFile().deleteOnExit();
            Files.writeString(file, token + "\n");
            return file.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
