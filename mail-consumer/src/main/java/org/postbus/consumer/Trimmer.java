package org.postbus.consumer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Deletes records that are applied and old. Topics keep everything by themselves ({@code retention.ms=-1}), because
 * Kafka does not know what is applied: this is the only place where an event ever goes. Dead letters and the
 * directory are never trimmed.
 */
public final class Trimmer implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Trimmer.class);
    private static final Duration EACH = Duration.ofMinutes(5);
    private static final long BROKER_ANSWERS_WITHIN_S = 30;

    private final String service;
    private final List<String> topics;
    private final Duration keep;
    private final DataSource dataSource;
    private final Admin admin;
    private final ScheduledExecutorService timer;

    /**
     * @param topics those that the service consumes, and no other service
     * @param keep   how long an applied record stays readable, for replay and for people
     */
    public Trimmer(String service, List<String> topics, Duration keep, DataSource dataSource, Map<String, Object> kafka) {
        this.service = service;
        this.topics = List.copyOf(topics);
        this.keep = keep;
        this.dataSource = dataSource;
        Map<String, Object> config = new HashMap<>(kafka);
        config.keySet().retainAll(AdminClientConfig.configNames());
        config.put(AdminClientConfig.CLIENT_ID_CONFIG, service + ".trimmer");
        this.admin = Admin.create(config);
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(service + ".trimmer").daemon(true).factory());
    }

    public Trimmer start() {
        timer.scheduleWithFixedDelay(this::trimOrLog, EACH.toSeconds(), EACH.toSeconds(), TimeUnit.SECONDS);
        return this;
    }

    /**
     * Trims now, unless another instance of the service is at it.
     *
     * @return for each partition that was trimmed, its first offset left
     */
    public Map<TopicPartition, Long> trim() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                return lead(connection) ? delete(horizons(connection)) : Map.of();
            } finally {
                connection.rollback();
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        admin.close(Duration.ofSeconds(5));
    }

    private void trimOrLog() {
        try {
            trim();
        } catch (SQLException | RuntimeException e) {
            LOG.warnf(e, "%s: not trimmed, trying again in %s", service, EACH);
        }
    }

    /** Held until the transaction ends, so a leader that dies is replaced by the next one that comes. */
    private boolean lead(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_try_advisory_xact_lock(hashtextextended(?, 0))")) {
            statement.setString(1, "postbus." + service + ".trimmer");
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** The lower of what is applied and what is old. A partition without a stored position is left alone. */
    private Map<TopicPartition, Long> horizons(Connection connection) throws SQLException {
        Map<TopicPartition, Long> applied = new HashMap<>();
        for (String topic : topics) {
            Positions.readAll(connection, topic).forEach((partition, position) ->
                    applied.put(new TopicPartition(topic, partition), position.nextOffset()));
        }
        Map<TopicPartition, ListOffsetsResultInfo> begins = offsets(applied, OffsetSpec.earliest());
        Map<TopicPartition, ListOffsetsResultInfo> young =
                offsets(applied, OffsetSpec.forTimestamp(Instant.now().minus(keep).toEpochMilli()));
        Map<TopicPartition, Long> horizons = new HashMap<>();
        applied.forEach((partition, next) -> {
            // -1: no record is that young, so all that is applied may go.
            long firstYoung = young.get(partition).offset();
            long horizon = firstYoung < 0 ? next : Math.min(next, firstYoung);
            if (horizon > begins.get(partition).offset()) {
                horizons.put(partition, horizon);
            }
        });
        return horizons;
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(Map<TopicPartition, Long> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> question = new HashMap<>();
        partitions.keySet().forEach(partition -> question.put(partition, which));
        return await(admin.listOffsets(question).all());
    }

    private Map<TopicPartition, Long> delete(Map<TopicPartition, Long> horizons) {
        if (horizons.isEmpty()) {
            return horizons;
        }
        Map<TopicPartition, RecordsToDelete> deletions = new HashMap<>();
        horizons.forEach((partition, horizon) -> deletions.put(partition, RecordsToDelete.beforeOffset(horizon)));
        await(admin.deleteRecords(deletions).all());
        LOG.infof("%s: trimmed %s", service, horizons);
        return horizons;
    }

    private static <T> T await(org.apache.kafka.common.KafkaFuture<T> answer) {
        try {
            return answer.get(BROKER_ANSWERS_WITHIN_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new InfrastructureFailure("the broker does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureFailure("interrupted", e);
        }
    }
}
