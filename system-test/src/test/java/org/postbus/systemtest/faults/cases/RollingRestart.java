package org.postbus.systemtest.faults.cases;

import java.util.List;
import org.postbus.systemtest.faults.cluster.Replica;

/** SIGTERM to one replica after the other, each back and ready before the next. */
public record RollingRestart() implements Fault {

    @Override
    public String name() {
        return "SIGTERM and rolling restart";
    }

    @Override
    public void run(Scene scene) throws Exception {
        List<Replica> replicas = scene.cluster().replicas();
        for (int n = 0; !scene.over(); n++) {
            Replica replica = replicas.get(n % replicas.size());
            replica.stop();
            scene.tally().event("SIGTERM of " + replica.kind().service());
            replica.start();
            replica.awaitReady();
        }
    }
}
