package org.postbus.systemtest.faults.cluster;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster to start.
 *
 * @param brokers     1, or 3 with replication factor 3
 * @param replicas    of each service
 * @param fixedNames  whether consumers come back under the names of their predecessors (static membership), as in one
 *                    machine's standalone; else a killed one's partitions wait for its session's end
 * @param settings    of all services, beside those that connect them
 * @param javaOptions of the processes of one kind
 * @param folder      for data, logs and markers
 * @param diskMegabytes of a file system of its own for each server's data; 0 for none
 * @param relays     whether clients may send to elsewhere, and some of their mail is for there
 */
public record Plan(int brokers, int replicas, boolean fixedNames, Map<String, String> settings,
        Map<Kind, List<String>> javaOptions, Path folder, int diskMegabytes, boolean relays) {

    /** A sleeper is away for longer than this, and never for minutes. */
    private static final Map<String, String> SHORT_POLLS = Map.of("kafka.max.poll.interval.ms", "12000");
    /** What failed is tried again within seconds, so that a run sees its end. */
    private static final Map<String, String> RELAYING = Map.of("smtp.relay-networks", "127.0.0.0/8", "delivery.retry.first", "1s",
            "delivery.retry.quick", "1s", "delivery.retry.most", "4s");
    /** A gateway that ends waits no longer for sessions that are left alone by their clients. */
    private static final Map<String, String> SHORT_DRAIN = Map.of("pop3.drain", "6s");
    /** The least that brokers allow. */
    private static final Map<String, String> SHORT_SESSIONS = Map.of("kafka.session.timeout.ms", "6000");
    private static final int SMALL_DISK = 600;

    /** One broker, one of each service. */
    public static Plan small(Path folder) {
        return new Plan(1, 1, true, Map.of(), Map.of(), folder, 0, false);
    }

    /** One broker, two of each service. */
    public static Plan single(Path folder) {
        return new Plan(1, 2, true, SHORT_POLLS, Map.of(), folder, 0, false);
    }

    /** Three brokers, two of each service. */
    public static Plan replicated(Path folder) {
        return new Plan(3, 2, false, SHORT_POLLS, Map.of(), folder, 0, false);
    }

    /** One broker, two of each service, which come and go under new names as pods of a Deployment do. */
    public static Plan rollout(Path folder) {
        return new Plan(1, 2, false, SHORT_POLLS, Map.of(), folder, 0, false).with(SHORT_DRAIN);
    }

    /** One broker, one of each service; who comes under a new name waits for the old one's partitions no longer than it must. */
    public static Plan smallRollout(Path folder) {
        return new Plan(1, 1, true, SHORT_SESSIONS, Map.of(), folder, 0, false).with(SHORT_DRAIN);
    }

    /** One broker, one of each service, and disks that can be filled; mail is refused where 16 MiB are left. */
    public static Plan onSmallDisks(Path folder) {
        return new Plan(1, 1, true, Map.of("smtp.min-free-disk", "16M"), Map.of(), folder, SMALL_DISK, false);
    }

    /** The same with options for java of one kind of service. */
    public Plan with(Kind kind, List<String> options) {
        return new Plan(brokers, replicas, fixedNames, settings, Map.of(kind, options), folder, diskMegabytes, relays);
    }

    /** The same with mail for elsewhere among the load. */
    public Plan relaying() {
        return new Plan(brokers, replicas, fixedNames, settings, javaOptions, folder, diskMegabytes, true).with(RELAYING);
    }

    /** The same with more settings. */
    public Plan with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(more);
        return new Plan(brokers, replicas, fixedNames, all, javaOptions, folder, diskMegabytes, relays);
    }
}
