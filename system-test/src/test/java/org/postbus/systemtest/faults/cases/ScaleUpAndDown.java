package org.postbus.systemtest.faults.cases;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postbus.systemtest.faults.check.Assignments;
import org.postbus.systemtest.faults.check.Backlog;
import org.postbus.systemtest.faults.cluster.Cluster;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.cluster.Replica;
import org.postbus.systemtest.faults.report.Invariant;

/**
 * Each consumer goes from what it is to one, to four, to one and, if there is time, back, as an autoscaler does it: those that are not wanted any more are
 * asked to end. After each step what had come until then must be caught up with.
 *
 * @param kinds of the consumers
 */
public record ScaleUpAndDown(List<Kind> kinds) implements Fault {

    private static final int MOST = 4;
    private static final Duration CAUGHT_UP_WITHIN = Duration.ofSeconds(60);

    /** Both of them; gateways consume nothing that they would have to share. */
    public ScaleUpAndDown() {
        this(List.of(Kind.DELIVERY, Kind.MAILBOX));
    }

    @Override
    public String name() {
        return "scale 1 to 4 to 1";
    }

    @Override
    public boolean isGentle() {
        return true;
    }

    @Override
    public void run(Scene scene) throws Exception {
        try (Assignments watched = Assignments.watch(scene.cluster(), scene.tally())) {
            steps(scene);
        }
    }

    private void steps(Scene scene) throws Exception {
        do {
            for (Kind kind : kinds) {
                int before = scene.cluster().replicas(kind).size();
                for (int wanted : List.of(1, MOST, 1)) {
                    scale(scene, kind, wanted);
                }
                if (!scene.over()) {
                    scale(scene, kind, before);
                }
            }
        } while (!scene.over());
    }

    private static void scale(Scene scene, Kind kind, int wanted) throws Exception {
        Cluster cluster = scene.cluster();
        Rollout rollout = new Rollout(scene);
        List<Replica> all = cluster.replicas(kind);
        // No matter which: an autoscaler does not ask who is the oldest.
        if (all.size() > wanted) {
            rollout.end(all.subList(0, all.size() - wanted));
        }
        List<Replica> fresh = new ArrayList<>();
        while (cluster.replicas(kind).size() < wanted) {
            fresh.add(rollout.begin(kind));
        }
        for (Replica one : fresh) {
            rollout.serve(one);
        }
        scene.tally().event("instances of " + kind.service() + " scaled to " + wanted);
        Duration time = Backlog.awaitCaughtUp(cluster, kind, CAUGHT_UP_WITHIN);
        scene.tally().trial(Invariant.P4, time.compareTo(CAUGHT_UP_WITHIN) < 0, kind + " at " + wanted + " has not caught up");
        scene.tally().atMost("ms at most until " + kind.service() + " had caught up at " + wanted, time.toMillis());
        scene.letPass(1_000, 4_000);
    }
}
