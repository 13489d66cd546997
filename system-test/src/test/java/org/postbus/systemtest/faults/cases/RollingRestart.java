package org.postbus.systemtest.faults.cases;

import java.util.List;
import java.util.stream.Stream;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.cluster.Replica;

/**
 * A new version is rolled out, of all services at a time: of each one instance after the other is replaced, and the new one is ready before
 * the old one is asked to end ({@code maxSurge: 1, maxUnavailable: 0}). No client may notice.
 */
public record RollingRestart() implements Fault {

    @Override
    public String name() {
        return "rolling restart";
    }

    @Override
    public boolean isGentle() {
        return true;
    }

    @Override
    public void run(Scene scene) throws Exception {
        do {
            Lanes.run(scene, Stream.of(Kind.values()).<Lanes.Lane>map(kind -> own -> replace(own, kind)).toList());
            scene.tally().event("instances all replaced");
        } while (!scene.over());
    }

    private static void replace(Scene scene, Kind kind) throws Exception {
        Rollout rollout = new Rollout(scene);
        for (Replica old : scene.cluster().replicas(kind)) {
            rollout.serve(rollout.begin(kind));
            try (OpenSessions sessions = OpenSessions.at(scene, old)) {
                rollout.end(List.of(old));
            }
        }
    }
}
