package org.postbus.systemtest.faults.cases;

import java.io.IOException;
import java.time.Duration;
import org.postbus.systemtest.SmtpClient;
import org.postbus.systemtest.faults.cluster.Broker;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.cluster.SmallDisk;
import org.postbus.systemtest.faults.report.Invariant;

/**
 * A disk is full: of Kafka, first so that the gateway can see it come, then to the last octet from one moment to the next;
 * or of PostgreSQL, without which mail is accepted as ever. When there is room again everything goes on.
 *
 * @param kafka whose disk it is, else PostgreSQL's
 */
public record FullDisk(boolean kafka) implements Fault {

    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(5);
    private static final long LITTLE = 8 << 20;

    @Override
    public String name() {
        return "full disk of " + (kafka ? "Kafka" : "PostgreSQL");
    }

    @Override
    public void run(Scene scene) throws Exception {
        SmallDisk disk = kafka ? scene.cluster().kafkaDisk() : scene.cluster().postgresDisk();
        for (int n = 0; !scene.over(); n++) {
            disk.fill(kafka && n % 2 == 0 ? LITTLE : 0);
            try {
                scene.tally().event("disks filled");
                // The gateway looks every five seconds; what is under way may take the whole delivery time-out.
                scene.letPassWhole(11_000, 14_000);
                for (int probes = 0; probes < 4; probes++) {
                    probe(scene);
                    scene.letPassWhole(200, 1_000);
                }
            } finally {
                disk.free();
            }
            restart(scene);
            scene.letPass(4_000, 6_000);
        }
    }

    private void probe(Scene scene) {
        long begin = System.nanoTime();
        String reply = "";
        try (SmtpClient smtp = new SmtpClient(scene.cluster().front(Kind.SMTP).port())) {
            smtp.silentAtMost(Duration.ofSeconds(30));
            reply = smtp.command("MAIL FROM:<>");
        } catch (IOException | AssertionError e) {
            reply = e.toString();
        }
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        boolean right = kafka ? reply.startsWith("452 4.3.1") || reply.startsWith("451") : reply.startsWith("250");
        scene.tally().trial(Invariant.P1, right && time.compareTo(ANSWERED_WITHIN) < 0,
                "MAIL with a " + name() + ": \"" + reply + "\" after " + time);
        scene.tally().event("MAIL answered " + reply.split(" ")[0] + " with a full disk");
    }

    /** A broker halts when it cannot write its log; somebody starts it again. */
    private void restart(Scene scene) throws Exception {
        for (Broker broker : scene.cluster().kafka().brokers()) {
            if (!broker.isAlive()) {
                scene.tally().event("brokers that halted");
                scene.cluster().kafka().start(broker);
            }
        }
        scene.cluster().kafka().awaitWhole();
    }
}
