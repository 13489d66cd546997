package org.postbus.smtpgateway;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when mail can be accepted: the directory is known, Kafka takes records, and the gateway is not going away. */
@Readiness
public class SmtpReadiness implements HealthCheck {

    private final SmtpGateway gateway;

    SmtpReadiness(SmtpGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public HealthCheckResponse call() {
        boolean directory = gateway.directoryLoaded();
        boolean kafka = gateway.kafkaReachable();
        boolean topics = gateway.topicsVerified();
        return HealthCheckResponse.named("smtp-gateway")
                .withData("directoryLoaded", directory)
                .withData("kafkaReachable", kafka)
                .withData("topicsVerified", topics)
                .withData("draining", gateway.draining())
                .status(directory && kafka && topics && !gateway.draining())
                .build();
    }
}
