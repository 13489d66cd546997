package org.postbus.systemtest.faults.cluster;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.events.TopicCheck;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.Ports;
import org.postbus.systemtest.ServiceProcess;

/** A service that starts while its database is away. */
class LateDatabaseTest {

    private static final Duration TRIES_WITHIN = Duration.ofSeconds(60);

    @TempDir
    private Path folder;
    private EmbeddedServers servers;
    private EmbeddedServers.Database database;
    private Link link;

    @BeforeEach
    void prepare() throws Exception {
        servers = EmbeddedServers.forTests();
        database = servers.freshDatabase();
        link = new Link("to a database that is away", List.of());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers.bootstrapServers()))) {
            TopicCheck.createStandalone(admin);
        }
    }

    @AfterEach
    void end() throws Exception {
        link.close();
    }

    @Test
    void delivery_service_waits_for_it_and_can_be_stopped_meanwhile() throws Exception {
        try (ServiceProcess stopped = start(); ServiceProcess waiting = start()) {
            awaitSecondAttempt(stopped);
            awaitSecondAttempt(waiting);
            assertNotEquals(200, waiting.status("/q/health/ready"));
            stopped.stop();

            link.target(List.of(URI.create(database.jdbcUrl().substring("jdbc:".length())).getPort()));
            waiting.awaitReady();
        }
    }

    private static void awaitSecondAttempt(ServiceProcess service) throws Exception {
        Await.answer("a second attempt to connect", TRIES_WITHIN, () -> {
            assertTrue(service.process().isAlive(), "it ended");
            return service.printed().split("PostgreSQL does not answer", -1).length > 2 ? Optional.of(true) : Optional.empty();
        });
    }

    private ServiceProcess start() throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("kafka.bootstrap.servers", servers.bootstrapServers());
        settings.put("postbus.events.replicas", "1");
        settings.put("postbus.hostname", "late.test");
        settings.put("quarkus.datasource.delivery.jdbc.url",
                "jdbc:postgresql://127.0.0.1:" + link.port() + database.jdbcUrl().substring(database.jdbcUrl().lastIndexOf('/')));
        settings.put("quarkus.datasource.delivery.username", database.user());
        settings.put("quarkus.datasource.delivery.password", database.password());
        return ServiceProcess.start("delivery-service", Ports.next(), settings, List.of(), folder);
    }
}
