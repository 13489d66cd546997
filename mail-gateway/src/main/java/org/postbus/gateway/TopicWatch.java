package org.postbus.gateway;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.jboss.logging.Logger;

/**
 * Asks Kafka every few seconds for the topics that a gateway writes: how many partitions each has, and whether every
 * partition has a leader. So a gateway knows that Kafka is down before a client's mail waits for it, and knows when it
 * is back without sending anything.
 */
public final class TopicWatch implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TopicWatch.class);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    private static final Duration WHILE_UP = Duration.ofSeconds(5);
    private static final Duration WHILE_DOWN = Duration.ofMillis(500);

    private final Admin admin;
    private final List<String> topics;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("topic-watch").factory());
    private volatile Map<String, Integer> partitions = Map.of();
    private volatile boolean reachable;

    /**
     * @param kafka  base configuration of every Kafka client
     * @param topics the topics to watch
     */
    public TopicWatch(Map<String, Object> kafka, Collection<String> topics) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.keySet().removeIf(key -> !AdminClientConfig.configNames().contains(key));
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 1_500);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        config.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        this.admin = Admin.create(config);
        this.topics = List.copyOf(topics);
        thread.execute(this::look);
    }

    /** Whether Kafka answered the last question with a leader for every partition. */
    public boolean reachable() {
        return reachable;
    }

    /** Partitions of a topic; empty until Kafka has told. */
    public OptionalInt partitions(String topic) {
        Integer count = partitions.get(topic);
        return count == null ? OptionalInt.empty() : OptionalInt.of(count);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        admin.close(Duration.ZERO);
    }

    private void look() {
        Duration pause = WHILE_DOWN;
        try {
            accept(admin.describeTopics(topics).allTopicNames().get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS));
            pause = WHILE_UP;
        } catch (ExecutionException | TimeoutException e) {
            lost(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isShutdown()) {
            thread.schedule(this::look, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void accept(Map<String, TopicDescription> described) {
        Map<String, Integer> counts = new HashMap<>();
        described.forEach((name, topic) -> counts.put(name, topic.partitions().size()));
        partitions = Map.copyOf(counts);
        boolean led = described.values().stream().flatMap(topic -> topic.partitions().stream())
                .allMatch(partition -> partition.leader() != null && !partition.leader().isEmpty());
        if (led != reachable) {
            LOG.info(led ? "Kafka is reachable" : "a partition has no leader");
        }
        reachable = led;
    }

    private void lost(Exception e) {
        if (reachable) {
            LOG.warnf("Kafka is not reachable: %s", e.getMessage());
        }
        reachable = false;
    }
}
