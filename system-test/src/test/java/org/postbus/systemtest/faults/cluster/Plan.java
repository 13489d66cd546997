package org.postbus.systemtest.faults.cluster;

import java.nio.file.Path;
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
 */
public record Plan(int brokers, int replicas, boolean fixedNames, Map<String, String> settings,
        Map<Kind, List<String>> javaOptions, Path folder) {

    /** One broker, one of each service. */
    public static Plan small(Path folder) {
        return new Plan(1, 1, true, Map.of(), Map.of(), folder);
    }

    /** One broker, two of each service. */
    public static Plan single(Path folder) {
        return new Plan(1, 2, true, Map.of(), Map.of(), folder);
    }

    /** Three brokers, two of each service. */
    public static Plan replicated(Path folder) {
        return new Plan(3, 2, false, Map.of(), Map.of(), folder);
    }

    /** The same with options for java of one kind of service. */
    public Plan with(Kind kind, List<String> options) {
        return new Plan(brokers, replicas, fixedNames, settings, Map.of(kind, options), folder);
    }
}
