package org.postbus.systemtest.faults.cases;

import java.nio.file.Path;
import java.time.Duration;
import org.postbus.systemtest.faults.cluster.PostgresBackup;
import org.postbus.systemtest.faults.cluster.Replica;

/**
 * PostgreSQL is lost, and restored from a base backup and archived WAL to a point that was passed some time ago. Services catch up from
 * the event log, under its eyes or started anew. What was relayed behind the point is relayed again, as nobody can know.
 *
 * @param brief once, under running services, and with little to catch up
 */
public record PointInTime(boolean brief) implements Fault {

    /** An outcome is recorded within this time: what was relayed so long before the point may be forgotten with it. */
    private static final Duration RECORDED_WITHIN = Duration.ofSeconds(10);

    @Override
    public String name() {
        return "restored from a backup and WAL to a point in time";
    }

    @Override
    public void run(Scene scene) throws Exception {
        Path folder = scene.cluster().folder().resolve("backup");
        boolean restarted = !brief && scene.random().nextBoolean();
        try (PostgresBackup backup = PostgresBackup.begin(scene.cluster().postgres(), folder)) {
            do {
                once(scene, backup, restarted);
                restarted = !restarted;
                scene.letPass(4_000, 8_000);
            } while (!scene.over());
        }
    }

    /** @param restarted whether the services end before, and start when all is there again */
    private void once(Scene scene, PostgresBackup backup, boolean restarted) throws Exception {
        LateChanges changes = new LateChanges(scene);
        backup.copy();
        scene.letPassWhole(1_000, brief ? 1_500 : 4_000);
        long deletions = scene.ledger().deletions();
        long accepted = scene.tally().count("mails accepted");
        long point = System.nanoTime();
        backup.markPoint();
        changes.make();
        scene.letPassWhole(3_000, brief ? 4_000 : 10_000);
        scene.tally().events("deletions behind the point", scene.ledger().deletions() - deletions);
        scene.tally().events("mails accepted behind the point", scene.tally().count("mails accepted") - accepted);
        if (restarted) {
            for (Replica replica : scene.cluster().replicas()) {
                replica.terminate();
            }
            for (Replica replica : scene.cluster().replicas()) {
                if (!replica.endsWithin(60_000)) {
                    throw new IllegalStateException(replica.name() + " does not end");
                }
            }
        }
        backup.restore();
        scene.ledger().forgotten(point - RECORDED_WITHIN.toNanos(), System.nanoTime());
        if (restarted) {
            for (Replica replica : scene.cluster().replicas()) {
                replica.start();
            }
            for (Replica replica : scene.cluster().replicas()) {
                replica.awaitReady();
            }
        }
        changes.judge();
        scene.tally().event("restores to a point in time, " + (restarted ? "services started anew" : "under running services"));
    }
}
