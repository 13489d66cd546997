package org.postbus.pop3gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The gateway as the Quarkus application that it is. */
@QuarkusTest
@QuarkusTestResource(Surroundings.class)
class ApplicationTest {

    @Inject
    Pop3Gateway gateway;

    @TestHTTPResource("/")
    URI http;

    @Test
    void servesSessionsAndShowsItsHealthAndNumbers() throws Exception {
        Platform.until(gateway::kafkaReachable);
        try (Client client = new Client(new InetSocketAddress("127.0.0.1", gateway.port()))) {
            assertEquals("+OK 0 messages (0 octets)", client.login("a@pop3.test"));
            assertEquals(200, get("q/health/live").statusCode());
            assertEquals(200, get("q/health/ready").statusCode(), get("q/health/ready").body());
            String metrics = get("q/metrics").body();
            assertTrue(metrics.contains("postbus_pop3_sessions 1.0"), metrics);
            assertTrue(metrics.contains("postbus_pop3_logins_total{outcome=\"ok\"} 1.0"), metrics);
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(http.resolve(path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
