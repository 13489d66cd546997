package org.postbus.systemtest.faults.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several things that go wrong at once. */
final class Lanes {

    /** One of them. */
    interface Lane {
        void run(Scene scene) throws Exception;
    }

    private Lanes() {}

    /** Runs all of them to their ends; fails with the first that failed. */
    static void run(Scene scene, List<Lane> lanes) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (Lane lane : lanes) {
                Scene own = scene.withRandom(scene.random().nextLong());
                all.add(threads.submit(() -> {
                    lane.run(own);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
