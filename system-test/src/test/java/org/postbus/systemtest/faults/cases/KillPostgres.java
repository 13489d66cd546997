package org.postbus.systemtest.faults.cases;

/** PostgreSQL is killed and comes back, again and again. */
public record KillPostgres() implements Fault {

    @Override
    public String name() {
        return "PostgreSQL kill and restart";
    }

    @Override
    public void run(Scene scene) throws Exception {
        while (!scene.over()) {
            once(scene);
            scene.letPass(2_000, 5_000);
        }
    }

    static void once(Scene scene) throws Exception {
        scene.cluster().postgres().kill();
        scene.tally().event("kill -9 of PostgreSQL");
        scene.letPass(0, 3_000);
        scene.cluster().postgres().start();
    }
}
