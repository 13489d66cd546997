package org.postbus.systemtest.faults.cases;

import java.util.List;
import org.postbus.systemtest.faults.cluster.Broker;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.cluster.Replica;

/** kill -9 of anything at any moment, also of what only just starts, and of several at once. */
public record KillAtRandom() implements Fault {

    @Override
    public String name() {
        return "kill -9 at random";
    }

    @Override
    public void run(Scene scene) throws Exception {
        Lanes.run(scene, List.of(
                own -> services(own, List.of(Kind.SMTP, Kind.DELIVERY)),
                own -> services(own, List.of(Kind.POP3, Kind.MAILBOX)),
                KillAtRandom::servers));
    }

    private static void services(Scene scene, List<Kind> kinds) throws Exception {
        while (!scene.over()) {
            List<Replica> replicas = scene.cluster().replicas(kinds.get(scene.random().nextInt(kinds.size())));
            Replica victim = replicas.get(scene.random().nextInt(replicas.size()));
            if (victim.isAlive()) {
                victim.kill();
                scene.tally().event("kill -9 of " + victim.kind().service());
            }
            scene.letPass(0, 1_500);
            victim.start();
            scene.letPass(1_000, 8_000);
        }
    }

    private static void servers(Scene scene) throws Exception {
        scene.letPass(3_000, 8_000);
        while (!scene.over()) {
            if (scene.random().nextBoolean()) {
                KillPostgres.once(scene);
            } else {
                List<Broker> brokers = scene.cluster().kafka().brokers();
                KillBrokers.once(scene, brokers.get(scene.random().nextInt(brokers.size())));
            }
            scene.letPass(8_000, 20_000);
        }
    }
}
