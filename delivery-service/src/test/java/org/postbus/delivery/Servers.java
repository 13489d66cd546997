package org.postbus.delivery;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.events.TopicCheck;

/** The real Kafka and PostgreSQL that this module's tests run on, and the topics. */
public class Servers implements QuarkusTestResourceLifecycleManager {

    static final String HOSTNAME = "mx.example.org";

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
                "quarkus.http.test-port", "0");
    }

    @Override
    public void stop() {
        // The servers stop with the JVM.
    }
}
