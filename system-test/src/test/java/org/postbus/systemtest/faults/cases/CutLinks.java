package org.postbus.systemtest.faults.cases;

import java.time.Duration;
import java.util.List;
import org.postbus.systemtest.faults.cluster.Link;

/** Links are cut, slow, deaf in one direction or reset, one or two at a time, for moments and for longer than time-outs. */
public record CutLinks() implements Fault {

    @Override
    public String name() {
        return "cut, slow and one-way links";
    }

    @Override
    public void run(Scene scene) throws Exception {
        Lanes.run(scene, List.of(CutLinks::lane, CutLinks::lane));
    }

    private static void lane(Scene scene) throws Exception {
        List<Link> links = scene.cluster().links();
        while (!scene.over()) {
            Link link = links.get(scene.random().nextInt(links.size()));
            int choice = scene.random().nextInt(5);
            scene.tally().event(switch (choice) {
                case 0 -> "links cut";
                case 1 -> "links open to the server only";
                case 2 -> "links open to the client only";
                case 3 -> "links slowed";
                default -> "links reset";
            });
            switch (choice) {
                case 0 -> link.set(Link.State.CUT);
                case 1 -> link.set(Link.State.ONLY_TO_SERVER);
                case 2 -> link.set(Link.State.ONLY_TO_CLIENT);
                case 3 -> link.delay(Duration.ofMillis(20 + scene.random().nextInt(400)));
                default -> link.reset();
            }
            // One in four lasts longer than the producer's and the session's time-outs.
            scene.letPass(300, scene.random().nextInt(4) == 0 ? 15_000 : 3_000);
            link.set(Link.State.OPEN);
            link.delay(Duration.ZERO);
            if (scene.random().nextBoolean()) {
                link.reset();
            }
        }
    }
}
