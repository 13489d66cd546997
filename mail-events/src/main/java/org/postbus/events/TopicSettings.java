package org.postbus.events;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What a topic must be like. Kafka's own defaults lose accepted mail silently: 7 days of retention, records
 * of 1 MiB, no fsync.
 *
 * @param clusterPartitions partitions in a cluster; one machine has {@value #PARTITIONS_ON_ONE_MACHINE} of each topic
 * @param compacted         whether the newest record of each key is kept instead of every record
 * @param flushed           whether each append is fsynced before it is acknowledged (one machine only; a cluster
 *                          stands on its replicas instead)
 */
public record TopicSettings(String name, int clusterPartitions, boolean compacted, boolean flushed) {

    /** Each partition is flushed apart, and is a request's part and a transaction's statement of its own. */
    public static final int PARTITIONS_ON_ONE_MACHINE = 1;

    /**
     * How long compaction keeps a deletion at least, from when it first meets it. A database that was restored to a point in time learns
     * by it that a name is gone: longer than events are kept ({@code postbus.events.keep}) for a restore to catch up by.
     */
    static final Duration DELETIONS_KEPT = Duration.ofDays(30);

    static TopicSettings log(String name, int clusterPartitions) {
        return new TopicSettings(name, clusterPartitions, false, true);
    }

    static TopicSettings unflushed(String name, int clusterPartitions) {
        return new TopicSettings(name, clusterPartitions, false, false);
    }

    static TopicSettings compacted(String name) {
        return new TopicSettings(name, 1, true, true);
    }

    /** Topic configuration for a single broker. */
    public Map<String, String> standaloneConfig() {
        Map<String, String> config = config();
        if (flushed) {
            config.put("flush.messages", "1");
        }
        return config;
    }

    /** Topic configuration for a cluster with replication factor 3. */
    public Map<String, String> clusterConfig() {
        Map<String, String> config = config();
        config.put("min.insync.replicas", "2");
        config.put("unclean.leader.election.enable", "false");
        return config;
    }

    private Map<String, String> config() {
        Map<String, String> config = new HashMap<>();
        config.put("max.message.bytes", Integer.toString(Topics.MAX_RECORD_OCTETS));
        config.put("retention.ms", "-1");
        config.put("retention.bytes", "-1");
        config.put("cleanup.policy", compacted ? "compact" : "delete");
        if (compacted) {
            config.put("delete.retention.ms", Long.toString(DELETIONS_KEPT.toMillis()));
        }
        return config;
    }
}
