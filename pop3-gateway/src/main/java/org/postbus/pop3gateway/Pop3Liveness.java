package org.postbus.pop3gateway;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive while its port is bound. Asks nobody: an outage of Kafka or mailbox-service must not restart gateways. */
@Liveness
@Singleton
public class Pop3Liveness implements HealthCheck {

    private final Pop3Gateway gateway;

    Pop3Liveness(Pop3Gateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("pop3-listener").status(gateway.port() > 0).build();
    }
}
