package org.postbus.smtpgateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka down: a temporary refusal within seconds, never a false 250, and back to work without help. */
class KafkaOutageTest {

    private static final Duration SECONDS = Duration.ofSeconds(12);

    @TempDir
    private Path folder;

    @Test
    void refusesWhileKafkaIsDownAndRecovers() throws Exception {
        TestKafka kafka = new TestKafka(folder.resolve("kafka"), 0);
        int port = kafka.port();
        kafka.domain("example.org", Optional.of("jones@example.org"));
        kafka.account("jones@example.org", true);
        try (TestGateway gateway = new TestGateway(kafka);
                Client behindTheDot = gateway.connect();
                Client inItsEnvelope = gateway.connect()) {
            behindTheDot.startMail("smith@client.test", "jones@example.org").send("hi\r\n");
            inItsEnvelope.reply();
            inItsEnvelope.ask("EHLO client.test");
            inItsEnvelope.ask("MAIL FROM:<smith@client.test>");

            kafka.close();

            // A known recipient needs nobody; an unknown one cannot be told apart from one made a moment ago.
            Client.expect("250", inItsEnvelope.ask("RCPT TO:<jones@example.org>"));
            within(SECONDS, () -> Client.expect("451 4.3.0", inItsEnvelope.ask("RCPT TO:<nobody@example.org>")));
            within(SECONDS, () -> Client.expect("451 4.3.0", behindTheDot.ask(".")));
            Await.until("MAIL is refused at once", () -> mail(gateway).startsWith("451 4.3.0"));
            within(Duration.ofSeconds(2), () -> Client.expect("451 4.3.0", mail(gateway)));

            kafka = new TestKafka(folder.resolve("kafka"), port);
            Await.until("MAIL is accepted again", () -> mail(gateway).startsWith("250"));
            try (Client client = gateway.connect()) {
                UUID id = client.startMail("smith@client.test", "jones@example.org").send("again\r\n").endMail();
                assertEquals(1, kafka.mail(id).size());
            }
        } finally {
            kafka.close();
        }
    }

    @Test
    void aFullDiskRefusesAtMail() throws Exception {
        try (TestKafka kafka = new TestKafka(folder.resolve("full"), 0);
                TestGateway gateway = new TestGateway(kafka, "smtp.min-free-disk=1000000000M")) {
            Await.until("the disk is known to be low", () -> mail(gateway).startsWith("452 4.3.1"));
        }
    }

    private static String mail(TestGateway gateway) {
        try (Client client = gateway.connect()) {
            client.reply();
            client.ask("EHLO client.test");
            return client.ask("MAIL FROM:<smith@client.test>");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    private static void within(Duration bound, Action action) throws IOException {
        long start = System.nanoTime();
        action.run();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(bound) < 0, "took " + took);
    }
}
