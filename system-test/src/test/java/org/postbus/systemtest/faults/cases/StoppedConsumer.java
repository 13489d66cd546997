package org.postbus.systemtest.faults.cases;

import java.util.List;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.cluster.Replica;

/** A consumer stands still past its session's end and wakes when another has taken its partitions over. */
public record StoppedConsumer() implements Fault {

    /** The session ends after 10 s. */
    private static final int ASLEEP_MILLIS = 13_000;

    @Override
    public String name() {
        return "consumer stopped and woken";
    }

    @Override
    public void run(Scene scene) throws Exception {
        while (!scene.over()) {
            List<Replica> replicas = scene.cluster().replicas(scene.random().nextBoolean() ? Kind.DELIVERY : Kind.MAILBOX);
            Replica sleeper = replicas.get(scene.random().nextInt(replicas.size()));
            sleeper.signal("STOP");
            try {
                scene.tally().event("consumers stopped and woken");
                scene.letPass(ASLEEP_MILLIS, ASLEEP_MILLIS + 3_000);
            } finally {
                sleeper.signal("CONT");
            }
            scene.letPass(2_000, 4_000);
        }
    }
}
