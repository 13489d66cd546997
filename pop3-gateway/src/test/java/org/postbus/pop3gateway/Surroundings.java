package org.postbus.pop3gateway;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.postbus.protocol.pop3.TestMaildrop;

/** What the application needs around it: a Kafka, a mailbox-service, and the token between them. */
public class Surroundings implements QuarkusTestResourceLifecycleManager {

    private final Vertx vertx = Vertx.vertx();

    @Override
    public Map<String, String> start() {
        try {
            StubMailbox mailbox = new StubMailbox(vertx, new TestMaildrop().account("a@pop3.test", "secret"));
            Path token = Files.createTempFile("internal-token", ".txt");
            token.toFile().deleteOnExit();
            Files.writeString(token, StubMailbox.TOKEN);
            return Map.of("kafka.bootstrap.servers", Platform.kafka(), "pop3.port", "0", "pop3.host", "127.0.0.1",
                    "quarkus.http.test-port", "0", "postbus.events.replicas", "1", "postbus.internal-token-file", token.toString(),
                    "postbus.internal-url", "http://127.0.0.1:" + mailbox.port());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        vertx.close();
    }
}
