package org.postbus.smtpgateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The gateway as the application that is deployed: configuration, health, metrics. */
@QuarkusTest
@QuarkusTestResource(SmtpGatewayTest.Broker.class)
class SmtpGatewayTest {

    /** A broker with strong enough topics for one machine. */
    public static final class Broker implements QuarkusTestResourceLifecycleManager {

        private TestKafka kafka;

        @Override
        public Map<String, String> start() {
            try {
                Path folder = Files.createTempDirectory("smtp-gateway-test");
                kafka = new TestKafka(folder.resolve("kafka"), 0);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            kafka.domain("example.org", Optional.of("jones@example.org"));
            kafka.account("jones@example.org", true);
            return Map.of("kafka.bootstrap.servers", kafka.properties().get("bootstrap.servers").toString(),
                    "smtp.host", "127.0.0.1", "smtp.port", "0", "quarkus.http.test-port", "0",
                    "postbus.hostname", "mx.example.org", "postbus.events.replicas", "1");
        }

        @Override
        public void stop() {
            kafka.close();
        }
    }

    @Inject
    SmtpGateway gateway;

    @TestHTTPResource("/q/health/ready")
    URI ready;

    @TestHTTPResource("/q/health/live")
    URI live;

    @TestHTTPResource("/q/metrics")
    URI metrics;

    @Test
    void becomesReadyTakesMailAndCountsIt() throws Exception {
        Await.until("ready", () -> get(ready).statusCode() == 200);
        assertEquals(200, get(live).statusCode());
        try (Client client = new Client(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()))) {
            client.startMail("smith@client.test", "jones@example.org").send("hi\r\n").endMail();
            client.ask("MAIL FROM:<smith@client.test>");
            Client.expect("550", client.ask("RCPT TO:<nobody@example.org>"));
        }
        String text = get(metrics).body();
        assertTrue(text.contains("postbus_smtp_accepted_total 1.0"), text);
        assertTrue(text.contains("postbus_smtp_refused_total{code=\"550\",status=\"5.1.1\"} 1.0"), text);
        assertTrue(text.contains("postbus_smtp_acceptance_seconds"), text);
    }

    private static HttpResponse<String> get(URI uri) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
