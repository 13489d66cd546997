package org.postbus.pop3gateway;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.events.TopicCheck;
import org.postbus.protocol.pop3.TestMaildrop;
import org.postbus.protocol.transcript.SocketPeer;

/** The gateway as it runs, between real sockets: a stub of mailbox-service, and a real Kafka or none. */
final class Platform implements AutoCloseable {

    final StubMailbox mailbox;
    final Pop3Gateway gateway;
    private final Vertx vertx = Vertx.vertx();

    /** @param settings of {@code pop3.*}, beside the defaults */
    static Platform start(TestMaildrop maildrops, Map<String, String> settings) throws Exception {
        return new Platform(maildrops, settings, kafka());
    }

    static Platform withoutKafka(TestMaildrop maildrops) throws Exception {
        return new Platform(maildrops, Map.of(), "127.0.0.1:1");
    }

    private Platform(TestMaildrop maildrops, Map<String, String> settings, String kafka) throws Exception {
        mailbox = new StubMailbox(vertx, maildrops);
        Path token = Files.createTempFile("internal-token", ".txt");
        token.toFile().deleteOnExit();
        Files.writeString(token, StubMailbox.TOKEN + "\n");
        Map<String, String> all = new HashMap<>(Map.of("pop3.host", "127.0.0.1", "pop3.port", "0",
                "pop3.tls-port", "0", "pop3.login-delay", "1ms", "pop3.drain", "0s", "postbus.internal-token-file", token.toString(),
                "postbus.internal-url", "http://127.0.0.1:" + mailbox.port(), "postbus.hostname", "pop3.example",
                "postbus.events.replicas", "1"));
        all.putAll(settings);
        SmallRyeConfig config = config(all);
        gateway = new Pop3Gateway(vertx, config.getConfigMapping(Pop3Config.class),
                config.getConfigMapping(PlatformConfig.class), new SimpleMeterRegistry(), new OneCertificate(),
                Map.of("bootstrap.servers", kafka));
        gateway.start(new StartupEvent());
        if (!kafka.endsWith(":1")) {
            until(gateway::kafkaReachable);
        }
    }

    private static SmallRyeConfig config(Map<String, String> settings) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .withMapping(Pop3Config.class)
                .withMapping(PlatformConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withConverter(MemorySize.class, 200, new MemorySizeConverter());
        settings.forEach(builder::withDefaultValue);
        return builder.build();
    }

    static String kafka() throws InterruptedException {
        String servers = EmbeddedServers.forTests().bootstrapServers();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            TopicCheck.createStandalone(admin);
        }
        return servers;
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", gateway.port());
    }

    InetSocketAddress secureAddress() {
        return new InetSocketAddress("127.0.0.1", gateway.tlsPort());
    }

    SocketPeer peer() throws Exception {
        return new SocketPeer(address());
    }

    /** Waits for a condition, 10 s at most. */
    static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the condition was not reached");
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws Exception {
        gateway.stop(new ShutdownEvent());
        mailbox.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
