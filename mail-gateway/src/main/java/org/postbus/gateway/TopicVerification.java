package org.postbus.gateway;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.postbus.events.TopicCheck;

/**
 * Looks once whether the topics are strong enough to hold accepted mail, as soon as Kafka answers. Until then a gateway
 * is not ready; on weaker topics it must not run.
 */
public final class TopicVerification implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TopicVerification.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final Map<String, Object> kafka;
    private final int replication;
    private final Consumer<List<String>> onWeak;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("topic-verification").factory());
    private volatile boolean passed;

    /**
     * @param kafka       base configuration of every Kafka client
     * @param replication replicas that each partition must have
     * @param onWeak      told once what is wrong, one line each
     */
    public TopicVerification(Map<String, Object> kafka, int replication, Consumer<List<String>> onWeak) {
        this.kafka = new HashMap<>(kafka);
        this.kafka.keySet().removeIf(key -> !AdminClientConfig.configNames().contains(key));
        this.replication = replication;
        this.onWeak = onWeak;
        thread.execute(this::look);
    }

    /** Whether the topics were found strong enough. */
    public boolean passed() {
        return passed;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void look() {
        try (Admin admin = Admin.create(kafka)) {
            List<String> weaknesses = TopicCheck.weaknesses(admin, replication);
            if (weaknesses.isEmpty()) {
                passed = true;
            } else {
                onWeak.accept(weaknesses);
            }
        } catch (KafkaException e) {
            LOG.warnf("the topics cannot be verified yet: %s", e.getMessage());
            if (!thread.isShutdown()) {
                thread.schedule(this::look, RETRY.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
