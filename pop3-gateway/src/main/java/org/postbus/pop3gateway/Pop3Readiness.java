package org.postbus.pop3gateway;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while logins can work. Without Kafka mail can be read, and QUIT says what it cannot delete. */
@Readiness
@Singleton
public class Pop3Readiness implements AsyncHealthCheck {

    private final Pop3Gateway gateway;

    Pop3Readiness(Pop3Gateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Uni.createFrom().completionStage(() -> gateway.mailboxReachable().otherwise(false).toCompletionStage())
                .map(mailbox -> {
                    boolean kafka = gateway.kafkaReachable();
                    return HealthCheckResponse.named("pop3-gateway").status(mailbox)
                            .withData("mailbox-service", mailbox).withData("kafka", kafka).build();
                });
    }
}
