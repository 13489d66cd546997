package org.postbus.pop3gateway;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while logins and deletions can work. Open sessions go on where it is not. */
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
                    return HealthCheckResponse.named("pop3-gateway").status(mailbox && kafka)
                            .withData("mailbox-service", mailbox).withData("kafka", kafka).build();
                });
    }
}
