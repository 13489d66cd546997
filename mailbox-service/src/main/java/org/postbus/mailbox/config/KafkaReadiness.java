package org.postbus.mailbox.config;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready means that Kafka answers; PostgreSQL has a check of its own. Liveness asks neither: a restart mends neither. */
@Readiness
@ApplicationScoped
public class KafkaReadiness implements HealthCheck {

    private static final String NAME = "mailbox-service: Kafka";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private Admin admin;

    /** For the client proxy. */
    KafkaReadiness() {
    }

    @Inject
    public KafkaReadiness(KafkaClients kafka) {
        admin = kafka.admin(PATIENCE);
    }

    @Override
    public HealthCheckResponse call() {
        try {
            admin.describeCluster().clusterId().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return HealthCheckResponse.up(NAME);
        } catch (ExecutionException | TimeoutException e) {
            return HealthCheckResponse.down(NAME);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return HealthCheckResponse.down(NAME);
        }
    }

    @PreDestroy
    void close() {
        admin.close(Duration.ZERO);
    }
}
