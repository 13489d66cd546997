package org.postbus.systemtest.faults.cases;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.cluster.Replica;
import org.postbus.systemtest.faults.report.Invariant;

/**
 * How Kubernetes lets instances come and go: one that is ready gets connections, one that is to end gets no new ones, keeps those it
 * has for the time of its preStop hook, gets SIGTERM, and is killed where it has not ended within the rest of its grace period.
 */
record Rollout(Scene scene) {

    /** 10 s in the manifests, for the nodes to learn of it; here everybody knows at once. */
    private static final int PRE_STOP_MILLIS = 1_000;
    /** Of {@code terminationGracePeriodSeconds} in the manifests, less their preStop. */
    private static final Duration GATEWAY_GRACE = Duration.ofSeconds(65);
    private static final Duration DELIVERY_GRACE = Duration.ofSeconds(110);
    private static final Duration MAILBOX_GRACE = Duration.ofSeconds(80);

    /** Starts an instance; it gets no connections yet. */
    Replica begin(Kind kind) throws Exception {
        Replica fresh = scene.cluster().addWithdrawn(kind);
        fresh.start();
        return fresh;
    }

    /** Waits until an instance is ready, and lets it have connections. */
    void serve(Replica fresh) throws Exception {
        fresh.awaitReady();
        scene.cluster().offer(fresh);
        scene.tally().event("instances of " + fresh.kind().service() + " begun");
    }

    /** Ends instances, all at a time. */
    void end(List<Replica> olds) throws Exception {
        olds.forEach(scene.cluster()::withdraw);
        TimeUnit.MILLISECONDS.sleep(PRE_STOP_MILLIS);
        long begin = System.nanoTime();
        for (Replica old : olds) {
            old.terminate();
            scene.tally().event("SIGTERM of " + old.kind().service());
        }
        for (Replica old : olds) {
            awaitEnd(old, begin);
        }
    }

    private void awaitEnd(Replica old, long begin) throws InterruptedException {
        Duration grace = switch (old.kind()) {
            case SMTP, POP3 -> GATEWAY_GRACE;
            case DELIVERY -> DELIVERY_GRACE;
            case MAILBOX -> MAILBOX_GRACE;
        };
        boolean ended = old.endsWithin(grace.toMillis() - millisSince(begin));
        scene.tally().trial(Invariant.P4, ended, old.name() + " had not ended " + grace + " after SIGTERM");
        scene.tally().atMost("ms at most from SIGTERM to the end of " + old.kind().service(), millisSince(begin));
        if (!ended) {
            old.kill();
        }
        scene.cluster().remove(old);
    }

    private static long millisSince(long begin) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }
}
