package org.postbus.mailbox.eventlog;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.postbus.consumer.LoopStatus;

/** Live while the poll loops' threads are. Depends on nothing outside: a broker that is away must restart nobody. */
@Liveness
@ApplicationScoped
public class MailboxLiveness implements HealthCheck {

    private final EventLoops loops;

    public MailboxLiveness(EventLoops loops) {
        this.loops = loops;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("mailbox-service").status(loops.status().stream().allMatch(LoopStatus::alive)).build();
    }
}
