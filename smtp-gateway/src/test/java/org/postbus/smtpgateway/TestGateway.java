package org.postbus.smtpgateway;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A gateway on a free port of the loopback interface, with settings of its own. */
final class TestGateway implements AutoCloseable {

    private final Vertx vertx;
    private final SmtpServer server;
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    TestGateway(Map<String, Object> kafka, Map<String, String> settings) {
        vertx = Vertx.vertx();
        server = new SmtpServer(vertx, config(settings), settings.getOrDefault("postbus.hostname", "mx.example.org"),
                kafka, registry, () -> true);
        try {
            server.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        Await.until("the gateway is ready", () -> server.directoryLoaded() && server.kafkaReachable());
    }

    private static SmtpConfig config(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of("smtp.host", "127.0.0.1", "smtp.port", "0", "smtp.drain", "5s"));
        all.putAll(settings);
        return new SmallRyeConfigBuilder().withMapping(SmtpConfig.class).addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(all, "test", 500)).build().getConfigMapping(SmtpConfig.class);
    }

    SmtpServer server() {
        return server;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
    }

    Client connect() throws IOException {
        return new Client(address());
    }

    @Override
    public void close() {
        server.close();
        vertx.close();
    }
}
