package org.postbus.systemtest.faults.cases;

import java.io.IOException;
import java.time.Duration;
import org.postbus.systemtest.SmtpClient;
import org.postbus.systemtest.faults.cluster.Broker;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.report.Invariant;

/** All of Kafka is gone: every MAIL gets 451 within seconds, and mail flows again by itself when Kafka is back. */
public record KafkaDown() implements Fault {

    private static final Duration REFUSED_WITHIN = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "all of Kafka down";
    }

    @Override
    public void run(Scene scene) throws Exception {
        for (Broker broker : scene.cluster().kafka().brokers()) {
            broker.kill();
            scene.tally().event("kill -9 of a broker");
        }
        // The first failure must be noticed: the mails under way may take the whole delivery time-out.
        scene.letPassWhole(11_000, 12_000);
        for (int n = 0; n < 5; n++) {
            probe(scene);
            scene.letPassWhole(200, 1_000);
        }
        for (Broker broker : scene.cluster().kafka().brokers()) {
            scene.cluster().kafka().start(broker);
        }
        scene.cluster().kafka().awaitWhole();
        scene.letPass(3_000, 5_000);
    }

    private static void probe(Scene scene) throws IOException {
        long begin = System.nanoTime();
        String reply = "";
        try (SmtpClient smtp = new SmtpClient(scene.cluster().front(Kind.SMTP).port())) {
            smtp.silentAtMost(Duration.ofSeconds(30));
            reply = smtp.command("MAIL FROM:<>");
        } finally {
            Duration time = Duration.ofNanos(System.nanoTime() - begin);
            scene.tally().trial(Invariant.P1, reply.startsWith("451") && time.compareTo(REFUSED_WITHIN) < 0,
                    "MAIL without Kafka: \"" + reply + "\" after " + time);
        }
    }
}
