package org.postbus.systemtest.faults.cases;

import java.nio.file.Path;
import org.postbus.systemtest.Launcher;
import org.postbus.systemtest.faults.cluster.PostgresServer;

/** PostgreSQL is taken back to a state of some time ago, under running services, which catch up from the event log. */
public record RestoredPostgres() implements Fault {

    @Override
    public String name() {
        return "PostgreSQL restored to a point in time";
    }

    @Override
    public void run(Scene scene) throws Exception {
        PostgresServer postgres = scene.cluster().postgres();
        Path copy = scene.cluster().folder().resolve("postgres-copy");
        while (!scene.over()) {
            postgres.stop();
            postgres.copyTo(copy);
            postgres.start();
            scene.letPass(8_000, 15_000);
            postgres.stop();
            postgres.restore(copy);
            postgres.start();
            scene.tally().event("restores");
            Launcher.run(java.util.List.of("rm", "-rf", copy.toString()));
            scene.letPass(5_000, 8_000);
        }
    }
}
