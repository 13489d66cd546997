package org.postbus.mailbox.config;

import io.smallrye.health.api.Wellness;
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

/**
 * Whether Kafka answers: for people to see, and no condition of readiness, since without it maildrops are read and changes are taken (202).
 * PostgreSQL has a check of its own. Liveness asks neither: a restart mends neither.
 */
@Wellness
@ApplicationScoped
public class KafkaWellness implements HealthCheck {

    private static final String NAME = "mailbox-service: Kafka";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private Admin admin;

    /** For the client proxy. */
    KafkaWellness() {
    }

    @Inject
    public KafkaWellness(KafkaClients kafka) {
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
