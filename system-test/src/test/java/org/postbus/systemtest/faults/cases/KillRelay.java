package org.postbus.systemtest.faults.cases;

import org.postbus.systemtest.faults.cluster.Cluster;
import org.postbus.systemtest.faults.cluster.KillPoint;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.cluster.Replica;

/**
 * Of two instances on one outbound queue, one halts at each point of the way to a remote server, again and again.
 *
 * @param hits of each point
 */
public record KillRelay(int hits) implements Fault {

    @Override
    public String name() {
        return "relay kill points";
    }

    @Override
    public boolean relays() {
        return true;
    }

    @Override
    public void run(Scene scene) throws Exception {
        Cluster cluster = scene.cluster();
        if (cluster.replicas(Kind.DELIVERY).size() < 2) {
            Replica second = cluster.add(Kind.DELIVERY);
            second.start();
            second.awaitReady();
        }
        new KillAtPoints(hits, KillPoint.RELAY).run(scene);
    }
}
