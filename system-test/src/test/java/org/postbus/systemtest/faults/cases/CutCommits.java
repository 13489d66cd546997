package org.postbus.systemtest.faults.cases;

import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.cluster.Link;

/** Connections to PostgreSQL break after a COMMIT has reached it and before its reply is back. */
public record CutCommits() implements Fault {

    @Override
    public String name() {
        return "connection cut at COMMIT";
    }

    @Override
    public void run(Scene scene) throws Exception {
        Link delivery = scene.cluster().postgres().link(Kind.DELIVERY);
        Link mailbox = scene.cluster().postgres().link(Kind.MAILBOX);
        int before = delivery.commitsCut() + mailbox.commitsCut();
        while (!scene.over()) {
            (scene.random().nextBoolean() ? delivery : mailbox).cutCommits(1 + scene.random().nextInt(3));
            scene.letPass(300, 1_500);
        }
        scene.tally().events("connections cut at COMMIT", delivery.commitsCut() + mailbox.commitsCut() - before);
    }
}
