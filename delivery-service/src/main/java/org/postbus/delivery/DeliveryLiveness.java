package org.postbus.delivery;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.postbus.consumer.LoopStatus;

/** Live while the loops' threads are. Depends on nothing outside: a broker that is away must restart nobody. */
@Liveness
@ApplicationScoped
public class DeliveryLiveness implements HealthCheck {

    private final DeliveryService service;

    public DeliveryLiveness(DeliveryService service) {
        this.service = service;
    }

    @Override
    public HealthCheckResponse call() {
        boolean live = service.loops().map(loops -> loops.status().stream().allMatch(LoopStatus::alive)).orElse(true);
        return HealthCheckResponse.named("delivery-service").status(live).build();
    }
}
