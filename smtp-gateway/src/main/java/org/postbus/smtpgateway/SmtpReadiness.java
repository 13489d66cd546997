package org.postbus.smtpgateway;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when the directory is known, the topics are sound, and the gateway is not going away. A Kafka that does not answer leaves it
 * so: clients are to hear 451, and not to find nobody.
 */
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
                .status(directory && topics && !gateway.draining())
                .build();
    }
}
