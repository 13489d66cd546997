package org.postbus.delivery;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.postbus.consumer.LoopStatus;

/** Ready when the directory is loaded and both loops apply what comes. PostgreSQL has a check of its own. */
@Readiness
@ApplicationScoped
public class DeliveryReadiness implements HealthCheck {

    private final DeliveryService service;

    public DeliveryReadiness(DeliveryService service) {
        this.service = service;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("delivery-service");
        Optional<DeliveryLoops> loops = service.loops();
        if (loops.isEmpty()) {
            return response.withData("start", "waits for Kafka, PostgreSQL and the schema").down().build();
        }
        boolean ready = loops.get().directoryLoaded();
        response.withData("directory", ready ? "loaded" : "loading");
        for (LoopStatus loop : loops.get().status()) {
            response.withData(loop.group(), describe(loop));
            ready &= loop.healthy();
        }
        return response.status(ready).build();
    }

    private static String describe(LoopStatus loop) {
        if (!loop.alive()) {
            return "ended";
        }
        return loop.trouble().orElseGet(() -> loop.stalled().isEmpty()
                ? "applies " + loop.partitions().size() + " partitions"
                : "stopped, records are missing: " + loop.stalled());
    }
}
