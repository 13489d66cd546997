package org.postbus.mailbox.config;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.postbus.events.TopicCheck;

/**
 * Refuses to run on topics that could lose mail. While Kafka is away the service starts all the same, since people
 * can read their mail without it, and the topics are checked as soon as it is back.
 */
@ApplicationScoped
public class TopicGuard {

    private static final Logger LOG = Logger.getLogger(TopicGuard.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final KafkaClients kafka;
    private final PlatformConfig config;
    private final CountDownLatch stopped = new CountDownLatch(1);

    public TopicGuard(KafkaClients kafka, PlatformConfig config) {
        this.kafka = kafka;
        this.config = config;
    }

    void start(@Observes StartupEvent event) throws InterruptedException {
        if (!config.events().verify()) {
            return;
        }
        try {
            List<String> weaknesses = weaknesses();
            if (!weaknesses.isEmpty()) {
                throw new ConfigurationException(message(weaknesses));
            }
        } catch (KafkaException e) {
            LOG.warnf("Kafka does not answer, its topics are verified later: %s", e.getMessage());
            Thread.ofVirtual().name("mailbox-topics").start(this::verifyLater);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopped.countDown();
    }

    private void verifyLater() {
        try {
            while (!stopped.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) && !verified()) {
                LOG.debug("Kafka is still away");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean verified() throws InterruptedException {
        try {
            List<String> weaknesses = weaknesses();
            if (!weaknesses.isEmpty()) {
                LOG.error(message(weaknesses));
                Quarkus.asyncExit(1);
            }
            return true;
        } catch (KafkaException e) {
            return false;
        }
    }

    private List<String> weaknesses() throws InterruptedException {
        try (Admin admin = kafka.admin(PATIENCE)) {
            return TopicCheck.weaknesses(admin, config.events().replicas());
        }
    }

    private static String message(List<String> weaknesses) {
        return "the topics could lose mail: " + String.join("; ", weaknesses);
    }
}
