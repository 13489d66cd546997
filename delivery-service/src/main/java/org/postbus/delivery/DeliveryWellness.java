package org.postbus.delivery;

import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.postbus.consumer.LoopStatus;

/** Whether both loops apply what comes, and if not why: for people to see, and no condition of readiness. */
@Wellness
@ApplicationScoped
public class DeliveryWellness implements HealthCheck {

    private final DeliveryService service;

    public DeliveryWellness(DeliveryService service) {
        this.service = service;
    }

    @Override
    public HealthCheckResponse call() {
        List<LoopStatus> loops = service.loops().map(DeliveryLoops::status).orElse(List.of());
        HealthCheckResponseBuilder response = HealthCheckResponse.named("delivery-service: loops");
        loops.forEach(loop -> response.withData(loop.group(), describe(loop)));
        return response.status(!loops.isEmpty() && loops.stream().allMatch(LoopStatus::healthy)).build();
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
