package org.postbus.systemtest.faults.check;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.postbus.events.Topics;
import org.postbus.systemtest.faults.cluster.Cluster;
import org.postbus.systemtest.faults.cluster.Kind;

/** How far logs are written, and how far services have applied them. */
public final class Backlog {

    private static final int PARTITIONS_AT_MOST = 64;
    private static final int LOOK_EACH_MILLIS = 20;

    private Backlog() {}

    /** Waits until a service has applied all the mail that its topic holds now; returns after the time at most, and how long it took. */
    public static Duration awaitCaughtUp(Cluster cluster, Kind kind, Duration atMost) throws Exception {
        String topic = kind == Kind.DELIVERY ? Topics.MAIL_ACCEPTED : Topics.MAIL_ROUTED;
        long begin = System.nanoTime();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.kafka().bootstrap()));
                Connection connection = cluster.postgres().connect()) {
            Map<TopicPartition, Long> ends = ends(admin, List.of(topic));
            while (behind(ends, positions(connection, kind.name().toLowerCase())) && System.nanoTime() - begin < atMost.toNanos()) {
                TimeUnit.MILLISECONDS.sleep(LOOK_EACH_MILLIS);
            }
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static boolean behind(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> positions) {
        return ends.entrySet().stream().anyMatch(end -> positions.getOrDefault(end.getKey(), 0L) < end.getValue());
    }

    static Map<TopicPartition, Long> ends(Admin admin, List<String> topics)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        admin.describeTopics(topics).allTopicNames().get(10, TimeUnit.SECONDS).values().forEach(topic ->
                topic.partitions().stream().limit(PARTITIONS_AT_MOST).forEach(partition ->
                        wanted.put(new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest())));
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(wanted).all().get(10, TimeUnit.SECONDS).forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    static Map<TopicPartition, Long> positions(Connection connection, String schema) throws SQLException {
        Map<TopicPartition, Long> positions = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select topic, partition, next_offset from " + schema + ".position")) {
            while (row.next()) {
                positions.put(new TopicPartition(row.getString(1), row.getInt(2)), row.getLong(3));
            }
        }
        return positions;
    }
}
