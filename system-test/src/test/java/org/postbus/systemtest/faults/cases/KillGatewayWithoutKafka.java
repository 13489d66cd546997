package org.postbus.systemtest.faults.cases;

import org.postbus.systemtest.faults.cluster.Broker;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.cluster.Replica;

/** Brokers die with mail under way, and before they are back the SMTP gateway dies, which has the only copy of it. */
public record KillGatewayWithoutKafka() implements Fault {

    @Override
    public String name() {
        return "SMTP gateway killed without Kafka";
    }

    @Override
    public void run(Scene scene) throws Exception {
        Replica gateway = scene.cluster().replicas(Kind.SMTP).getFirst();
        while (!scene.over()) {
            for (Broker broker : scene.cluster().kafka().brokers()) {
                broker.kill();
                scene.tally().event("kill -9 of a broker");
            }
            scene.letPass(300, 800);
            gateway.kill();
            scene.tally().event("kill -9 of " + gateway.kind().service());
            for (Broker broker : scene.cluster().kafka().brokers()) {
                scene.cluster().kafka().start(broker);
            }
            gateway.start();
            scene.cluster().kafka().awaitWhole();
            scene.letPass(3_000, 5_000);
        }
    }
}
