package org.postbus.delivery;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when it has begun and the directory is loaded. PostgreSQL has a check of its own. How the loops fare is no condition
 * ({@link DeliveryWellness}): a Kafka that is away or a partition whose records are gone would hold up each roll-out, and another
 * pod would be no better off.
 */
@Readiness
@ApplicationScoped
public class DeliveryReadiness implements HealthCheck {

    private final DeliveryService service;

    public DeliveryReadiness(DeliveryService service) {
        this.service = service;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<DeliveryLoops> loops = service.loops();
        if (loops.isEmpty()) {
            return HealthCheckResponse.named("delivery-service")
                    .withData("start", "waits for Kafka, PostgreSQL and the schema").down().build();
        }
        boolean loaded = loops.get().directoryLoaded();
        return HealthCheckResponse.named("delivery-service").withData("directory", loaded ? "loaded" : "loading").status(loaded).build();
    }
}
