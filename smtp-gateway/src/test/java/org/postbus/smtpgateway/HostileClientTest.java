package org.postbus.smtpgateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are slow, greedy, deaf or many, and a gateway that goes away under them. */
class HostileClientTest {

    @TempDir
    private static Path folder;
    private static TestKafka kafka;

    @BeforeAll
    static void start() {
        kafka = TestKafka.withJones(folder);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static TestGateway gateway(String... settings) {
        return new TestGateway(kafka, settings);
    }

    @Test
    void anIdleClientIsToldAndLeft() throws IOException {
        try (TestGateway gateway = gateway("smtp.command-timeout=300ms"); Client client = gateway.connect()) {
            client.reply();
            Client.expect("421 4.4.2", client.reply());
            assertEquals("", client.reply());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOOP", "DATA"})
    void aTrickleIsNoProgress(String command) throws IOException {
        try (TestGateway gateway = gateway("smtp.command-timeout=700ms", "smtp.data-timeout=700ms");
                Client client = gateway.connect()) {
            if (command.equals("DATA")) {
                client.startMail("smith@client.test", "jones@example.org");
            } else {
                client.reply();
            }
            client.timeout(50);
            String reply = "";
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); reply.isEmpty() && System.nanoTime() < end; ) {
                client.send("x");
                try {
                    reply = client.reply();
                } catch (SocketTimeoutException notYet) {
                    // The pause between two octets.
                }
            }
            Client.expect("421 4.4.2", reply);
        }
    }

    @Test
    void allTheDataOfAMailHasATimeOfItsOwn() throws IOException {
        try (TestGateway gateway = gateway("smtp.max-data-time=500ms"); Client client = gateway.connect()) {
            client.startMail("smith@client.test", "jones@example.org");
            byte[] line = ("x".repeat(1022) + "\r\n").getBytes();
            client.timeout(20);
            String reply = "";
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); reply.isEmpty() && System.nanoTime() < end; ) {
                client.send(line);
                try {
                    reply = client.reply();
                } catch (SocketTimeoutException notYet) {
                    // The pause between two lines.
                }
            }
            Client.expect("421 4.4.2", reply);
        }
    }

    @Test
    void chunksShareTheTimeOfTheirMail() throws IOException {
        try (TestGateway gateway = gateway("smtp.max-data-time=500ms"); Client client = gateway.connect()) {
            Client.expect("220", client.reply());
            Client.expect("250", client.ask("EHLO client.test"));
            Client.expect("250", client.ask("MAIL FROM:<smith@client.test>"));
            Client.expect("250", client.ask("RCPT TO:<jones@example.org>"));
            String reply = "250";
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); reply.startsWith("250") && System.nanoTime() < end; ) {
                reply = client.send("BDAT 2\r\n\r\n").reply();
            }
            Client.expect("421 4.4.2", reply);
        }
    }

    @Test
    void aClientThatNeverReadsIsPausedAndThenLeft() throws Exception {
        try (TestGateway gateway = gateway("smtp.command-timeout=2s");
                Client deaf = gateway.connect();
                Client other = gateway.connect()) {
            byte[] noops = "NOOP\r\n".repeat(10_000).getBytes();
            var left = CompletableFuture.supplyAsync(() -> assertThrows(IOException.class, () -> {
                while (true) {
                    deaf.send(noops);
                }
            }));
            other.reply();
            Client.expect("250", other.ask("NOOP"));
            left.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void memoryForMailDataIsShared() throws IOException {
        List<Client> holders = new ArrayList<>();
        try (TestGateway gateway = gateway("smtp.data-budget=1M"); Client late = gateway.connect()) {
            for (int i = 0; i < 4; i++) {
                Client holder = gateway.connect();
                holders.add(holder);
                openSized(holder);
                Client.expect("354", holder.ask("DATA"));
            }
            openSized(late);
            Client.expect("452 4.3.1", late.ask("DATA"));
            holders.getFirst().send("x\r\n").endMail();
            Client.expect("354", late.ask("DATA"));
            late.send("y\r\n").endMail();
        } finally {
            for (Client holder : holders) {
                holder.close();
            }
        }
    }

    @Test
    void aMailThatGrowsWaitsForMemory() throws IOException {
        try (TestGateway gateway = gateway("smtp.data-budget=64K");
                Client first = gateway.connect();
                Client growing = gateway.connect()) {
            first.startMail("smith@client.test", "jones@example.org");
            growing.startMail("smith@client.test", "jones@example.org");
            growing.send(("x".repeat(98) + "\r\n").repeat(400));
            Await.until("the second mail has taken what is free",
                    () -> gateway.registry.get("postbus.smtp.data.in.flight").gauge().value() == 48 * 1024);
            first.send("x\r\n").endMail();
            growing.endMail();
        }
    }

    @Test
    void oneAddressHasALimitOfConnections() throws IOException {
        try (TestGateway gateway = gateway("smtp.max-connections-per-address=2");
                Client one = gateway.connect();
                Client two = gateway.connect()) {
            Client.expect("220", one.reply());
            Client.expect("220", two.reply());
            try (Client three = gateway.connect()) {
                Client.expect("421 4.7.0", three.reply());
                assertEquals("", three.reply());
            }
        }
    }

    @Test
    void aDrainLetsTransactionsEnd() throws Exception {
        try (TestGateway gateway = gateway("smtp.drain=10s");
                Client idle = gateway.connect();
                Client busy = gateway.connect()) {
            idle.reply();
            busy.startMail("smith@client.test", "jones@example.org");
            var drained = CompletableFuture.runAsync(() -> gateway.server().drain(Duration.ofSeconds(20)));
            Client.expect("421 4.3.2", idle.reply());
            assertTrue(gateway.server().draining(), "not ready any more");
            assertEquals("", idle.reply());
            try (Client late = gateway.connect()) {
                Client.expect("421", late.reply());
            }
            busy.send("hi\r\n").endMail();
            Client.expect("421 4.3.2", busy.reply());
            busy.close();
            drained.get(9, TimeUnit.SECONDS);
            assertTrue(drained.isDone());
        }
    }

    private static void openSized(Client client) throws IOException {
        Client.expect("220", client.reply());
        client.ask("EHLO client.test");
        Client.expect("250", client.ask("MAIL FROM:<smith@client.test> SIZE=262144"));
        Client.expect("250", client.ask("RCPT TO:<jones@example.org>"));
    }
}
