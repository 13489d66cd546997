package org.postbus.systemtest.faults.cases;

import java.util.List;
import org.postbus.systemtest.faults.cluster.Broker;

/** A broker is killed and comes back, again and again; with three of them one at a time. */
public record KillBrokers() implements Fault {

    @Override
    public String name() {
        return "broker kill and restart";
    }

    @Override
    public void run(Scene scene) throws Exception {
        while (!scene.over()) {
            List<Broker> brokers = scene.cluster().kafka().brokers();
            once(scene, brokers.get(scene.random().nextInt(brokers.size())));
            scene.cluster().kafka().awaitWhole();
            scene.letPass(1_000, 3_000);
        }
    }

    static void once(Scene scene, Broker broker) throws Exception {
        broker.kill();
        scene.tally().event("kill -9 of a broker");
        scene.letPass(0, 4_000);
        scene.cluster().kafka().start(broker);
    }
}
