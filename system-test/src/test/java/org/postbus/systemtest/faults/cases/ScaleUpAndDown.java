package org.postbus.systemtest.faults.cases;

import java.util.List;
import org.postbus.systemtest.faults.cluster.Cluster;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.cluster.Replica;

/** Each consumer goes from what it is to one, to four, to one and back, half of the going down by kill -9. */
public record ScaleUpAndDown() implements Fault {

    @Override
    public String name() {
        return "scale 1 to 4 to 1";
    }

    @Override
    public void run(Scene scene) throws Exception {
        for (Kind kind : List.of(Kind.DELIVERY, Kind.MAILBOX)) {
            int before = scene.cluster().replicas(kind).size();
            for (int wanted : List.of(1, 4, 1, before)) {
                scale(scene, kind, wanted);
                scene.letPass(3_000, 8_000);
            }
        }
    }

    private static void scale(Scene scene, Kind kind, int wanted) throws Exception {
        Cluster cluster = scene.cluster();
        while (cluster.replicas(kind).size() > wanted) {
            Replica last = cluster.replicas(kind).getLast();
            if (scene.random().nextBoolean()) {
                last.kill();
                scene.tally().event("kill -9 of " + kind.service());
            } else {
                last.stop();
            }
            cluster.remove(kind);
        }
        while (cluster.replicas(kind).size() < wanted) {
            Replica replica = cluster.add(kind);
            replica.start();
            replica.awaitReady();
        }
        scene.tally().event("scalings of " + kind.service());
    }
}
