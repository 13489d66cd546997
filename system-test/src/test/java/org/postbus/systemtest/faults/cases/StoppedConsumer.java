package org.postbus.systemtest.faults.cases;

import java.util.List;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.cluster.Link;
import org.postbus.systemtest.faults.cluster.Plan;
import org.postbus.systemtest.faults.cluster.Replica;

/**
 * A consumer is away for longer than it may be: its process stands still past its session's end, and wakes when another has taken
 * its partitions over; or its database does not answer, while its heart beats on, for longer than between two polls.
 */
public record StoppedConsumer() implements Fault {

    /** The session ends after 10 s, and the time between two polls after 12 (see {@link Plan}). */
    private static final int ASLEEP_MILLIS = 13_000;

    @Override
    public String name() {
        return "consumer stopped and woken";
    }

    @Override
    public void run(Scene scene) throws Exception {
        while (!scene.over()) {
            Kind kind = scene.random().nextBoolean() ? Kind.DELIVERY : Kind.MAILBOX;
            if (scene.random().nextInt(3) == 0) {
                letDatabaseStandStill(scene, scene.cluster().postgres().link(kind));
            } else {
                List<Replica> replicas = scene.cluster().replicas(kind);
                stop(scene, replicas.get(scene.random().nextInt(replicas.size())));
            }
            scene.letPass(2_000, 4_000);
        }
    }

    private static void stop(Scene scene, Replica sleeper) throws InterruptedException {
        sleeper.signal("STOP");
        try {
            scene.tally().event("consumers stopped and woken");
            scene.letPassWhole(ASLEEP_MILLIS, ASLEEP_MILLIS + 3_000);
        } finally {
            sleeper.signal("CONT");
        }
    }

    private static void letDatabaseStandStill(Scene scene, Link link) throws InterruptedException {
        link.set(Link.State.CUT);
        try {
            scene.tally().event("consumers that did not poll for too long");
            scene.letPassWhole(ASLEEP_MILLIS, ASLEEP_MILLIS + 3_000);
        } finally {
            link.set(Link.State.OPEN);
        }
    }
}
