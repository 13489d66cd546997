package org.postbus.systemtest.faults.cases;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.postbus.events.FaultPoint;
import org.postbus.systemtest.faults.cluster.KillPoint;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.cluster.Replica;

/**
 * One replica of each service halts at each of its kill points, again and again; each halt is proved by its marker.
 *
 * @param hits   of each point
 * @param points all that there are, or some
 */
public record KillAtPoints(int hits, List<KillPoint> points) implements Fault {

    private static final int HIT_WITHIN_MILLIS = 40_000;
    /**
     * What a busy point is let pass at most; a passage of the SMTP gateway's is one mail, but of a login, and so is a remote's
     * answer; of the others' it is a batch or a session.
     */
    private static final int MAILS_PASSED = 30;
    private static final int BATCHES_PASSED = 3;

    /** At all of them. */
    public KillAtPoints(int hits) {
        this(hits, KillPoint.ALL);
    }

    private static final class Count {
        private final KillPoint point;
        private int hits;
        private int tries;

        Count(KillPoint point) {
            this.point = point;
        }
    }

    @Override
    public String name() {
        return points.equals(KillPoint.ALL) ? "kill points" : "halts at " + points.stream().map(KillPoint::toString).collect(Collectors.joining(", "));
    }

    @Override
    public void run(Scene scene) throws Exception {
        Lanes.run(scene, points.stream().map(KillPoint::kind).distinct().sorted()
                .<Lanes.Lane>map(kind -> own -> lane(own, kind)).toList());
    }

    private void lane(Scene scene, Kind kind) throws Exception {
        Replica victim = scene.cluster().replicas(kind).getFirst();
        List<Count> counts = new ArrayList<>(points.stream().filter(point -> point.kind() == kind).map(Count::new).toList());
        counts.forEach(count -> scene.tally().willHit(count.point.toString()));
        while (!scene.over() && counts.stream().anyMatch(count -> count.hits < hits)) {
            Count next = counts.stream().min(Comparator.comparingInt((Count count) -> count.tries)).orElseThrow();
            next.tries++;
            if (victim.isAlive()) {
                victim.kill();
                scene.tally().event("kill -9 of " + kind.service());
            }
            halt(scene, victim, next);
            counts.removeIf(count -> count.hits >= hits);
        }
        // One that waits for its moment still would halt behind the fault's back.
        if (victim.isAlive()) {
            victim.kill();
            scene.tally().event("kill -9 of " + kind.service());
        }
    }

    private static void halt(Scene scene, Replica victim, Count count) throws Exception {
        boolean mails = victim.kind() == Kind.SMTP && count.point.point() != FaultPoint.SMTP_LOGGED_IN
                || count.point.point() == FaultPoint.RELAY_ANSWERED;
        int passed = mails ? MAILS_PASSED : BATCHES_PASSED;
        victim.startArmed(count.point, 1 + scene.random().nextInt(passed));
        boolean ended = victim.endsWithin(Math.min(HIT_WITHIN_MILLIS, scene.left().toMillis() + 1));
        if (ended && victim.haltedAt(count.point)) {
            count.hits++;
            scene.tally().hit(count.point.toString());
            scene.tally().event("halts of " + victim.kind().service() + " at a kill point");
        } else if (ended) {
            scene.tally().event("starts that failed");
        }
    }
}
