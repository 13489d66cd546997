package org.postbus.systemtest.faults.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.postbus.systemtest.SourceTree;

/** The JVM's caches of loaded classes, one for each service: they take half off what a start costs, and a run has hundreds. */
public final class StartCaches {

    private StartCaches() {}

    /** The options for a start from the cache; none where there is no cache of this build. */
    static List<String> options(Kind kind) {
        return made(kind).map(cache -> List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=error")).orElse(List.of());
    }

    /** Makes those that are missing: a cluster runs once for it, under the load that the caller puts on it. */
    public static void make(Path folder, Training training) throws Exception {
        if (Stream.of(Kind.values()).allMatch(kind -> made(kind).isPresent())) {
            return;
        }
        Map<Kind, List<String>> options = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            Files.createDirectories(file(kind).getParent());
            Files.deleteIfExists(file(kind));
            options.put(kind, List.of("-XX:AOTCacheOutput=" + file(kind), "-Xlog:aot*=error"));
        }
        Plan small = Plan.small(folder);
        try (Cluster cluster = Cluster.start(new Plan(small.brokers(), small.replicas(), small.fixedNames(), small.settings(),
                options, small.folder(), small.diskMegabytes(), small.relays()))) {
            training.run(cluster);
            // The cache is written at the end.
            for (Replica replica : cluster.replicas()) {
                replica.stop();
            }
        }
    }

    /** What the services do while their classes are written down. */
    public interface Training {
        void run(Cluster cluster) throws Exception;
    }

    private static Optional<Path> made(Kind kind) {
        Path cache = file(kind);
        try {
            boolean fits = Files.exists(cache)
                    && Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(SourceTree.jar(kind.service()))) > 0;
            return fits ? Optional.of(cache) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Path file(Kind kind) {
        return SourceTree.systemTest("target/faults/" + kind.service() + ".aot");
    }
}
