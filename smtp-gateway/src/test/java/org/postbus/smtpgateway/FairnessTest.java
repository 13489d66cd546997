package org.postbus.smtpgateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one client may have of the gateway. A proxy's header makes the clients, since loopback peers have few limits. */
class FairnessTest {

    private static final String JONES = "jones@example.org";

    @TempDir
    private static Path folder;
    private static TestKafka kafka;

    @BeforeAll
    static void start() {
        kafka = new TestKafka(folder.resolve("kafka"), 0);
        kafka.domain("example.org", Optional.of(JONES));
        kafka.account(JONES, true);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void mailsAndRecipientsHaveARateForEachClient() throws IOException {
        try (TestGateway gateway = gateway("smtp.max-mails-per-minute", "2", "smtp.max-recipients-per-minute", "3");
                Client client = greeted(gateway, "2001:db8:0:1::1"); Client neighbour = greeted(gateway, "2001:db8:0:1::2");
                Client other = greeted(gateway, "2001:db8:0:2::1")) {
            Client.expect("250", client.ask("MAIL FROM:<a@b.test>"));
            for (int i = 0; i < 3; i++) {
                Client.expect("250", client.ask("RCPT TO:<" + JONES + ">"));
            }
            Client.expect("452 4.7.0", client.ask("RCPT TO:<" + JONES + ">"));
            Client.expect("250", neighbour.ask("MAIL FROM:<a@b.test>"));
            Client.expect("250", neighbour.ask("RSET"));
            Client.expect("452 4.7.0", neighbour.ask("MAIL FROM:<a@b.test>"));
            Client.expect("250", other.ask("MAIL FROM:<a@b.test>"));
            Client.expect("250", other.ask("RCPT TO:<" + JONES + ">"));
            assertTrue(gateway.registry.counter("postbus.smtp.refused", "code", "452", "status", "4.7.0").count() >= 2);
        }
    }

    @Test
    void aSessionHasItsNumberOfMailsAndItsTime() throws IOException {
        try (TestGateway gateway = gateway("smtp.max-mails-per-session", "1", "smtp.max-session-time", "1h");
                Client client = greeted(gateway, "192.0.2.1")) {
            Client.expect("250", client.ask("MAIL FROM:<a@b.test>"));
            Client.expect("250", client.ask("RSET"));
            Client.expect("421 4.7.0", client.ask("MAIL FROM:<a@b.test>"));
        }
        try (TestGateway gateway = gateway("smtp.max-session-time", "0s"); Client client = proxied(gateway, "192.0.2.1")) {
            Client.expect("220", client.reply());
            Client.expect("421 4.7.0", client.reply());
            assertEquals("", client.reply());
        }
    }

    @Test
    void whileFewPlacesAreLeftAClientMayHaveFewOfThem() throws IOException {
        List<Client> clients = new ArrayList<>();
        try (TestGateway gateway = gateway("smtp.max-connections", "10", "smtp.max-connections-per-address", "10")) {
            for (int i = 0; i < 8; i++) {
                clients.add(greeted(gateway, "192.0.2.1"));
            }
            try (Client ninth = proxied(gateway, "192.0.2.1"); Client other = proxied(gateway, "192.0.2.2")) {
                Client.expect("421 4.7.0", ninth.reply());
                Client.expect("220", other.reply());
            }
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }

    private static TestGateway gateway(String... settings) {
        Map<String, String> all = new HashMap<>(Map.of("smtp.proxies", "127.0.0.1"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return new TestGateway(kafka.properties(), all);
    }

    private static Client greeted(TestGateway gateway, String client) throws IOException {
        Client greeted = proxied(gateway, client);
        Client.expect("220", greeted.reply());
        Client.expect("250", greeted.ask("EHLO client.test"));
        return greeted;
    }

    private static Client proxied(TestGateway gateway, String client) throws IOException {
        String family = client.contains(":") ? "TCP6 " : "TCP4 ";
        return gateway.connect().send("PROXY " + family + client + " " + client + " 1234 25\r\n");
    }
}
