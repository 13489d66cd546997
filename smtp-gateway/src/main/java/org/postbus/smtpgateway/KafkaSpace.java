package org.postbus.smtpgateway;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.Node;
import org.jboss.logging.Logger;

/**
 * Asks the brokers every few seconds how much room their disks have. While Kafka does not answer, the last answer
 * holds: that Kafka is down is told elsewhere.
 */
final class KafkaSpace implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(KafkaSpace.class);
    private static final int EVERY_SECONDS = 5;
    private static final int ANSWER_WITHIN_SECONDS = 4;

    private final Admin admin;
    private final long minFree;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("smtp-kafka-space").factory());
    private volatile boolean low;
    private boolean failed;

    /**
     * @param kafka   base configuration of every Kafka client
     * @param minFree octets that each disk needs to have free
     */
    KafkaSpace(Map<String, Object> kafka, long minFree) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.keySet().removeIf(key -> !AdminClientConfig.configNames().contains(key));
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_WITHIN_SECONDS * 1000);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_WITHIN_SECONDS * 500);
        this.admin = Admin.create(config);
        this.minFree = minFree;
        thread.scheduleWithFixedDelay(this::look, 0, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /** Whether a broker's disk has too little room for more mail. */
    boolean isLow() {
        return low;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        admin.close(Duration.ZERO);
    }

    private void look() {
        try {
            List<Integer> brokers = admin.describeCluster().nodes().get(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS)
                    .stream().map(Node::id).toList();
            judge(admin.describeLogDirs(brokers).allDescriptions().get(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS));
            failed = false;
        } catch (ExecutionException | TimeoutException e) {
            if (!failed) {
                LOG.warnf("Kafka's free disk space is unknown: %s", e.getMessage());
            }
            failed = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void judge(Map<Integer, Map<String, LogDirDescription>> brokers) {
        long least = brokers.values().stream()
                .flatMap(folders -> folders.values().stream())
                .map(LogDirDescription::usableBytes)
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .min().orElse(Long.MAX_VALUE);
        if (low != least < minFree) {
            LOG.warnf(least < minFree ? "Kafka's disk is low, %d MiB free: mail is refused"
                    : "Kafka's disk has room again, %d MiB free", least >> 20);
        }
        low = least < minFree;
    }
}
