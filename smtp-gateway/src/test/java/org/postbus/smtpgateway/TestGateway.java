package org.postbus.smtpgateway;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postbus.events.directory.Srs;
import org.postbus.gateway.Certificates;
import org.postbus.gateway.InternalApi;
import org.postbus.gateway.InternalApiClient;
import org.postbus.protocol.tls.TestCertificate;

/** A gateway on free ports of the loopback interface, with settings of its own. */
final class TestGateway implements AutoCloseable {

    private static final PfxOptions KEYS = keys("mx.example.org");

    private final Vertx vertx;
    private final SmtpServer server;
    final Certificates certificates;
    final StubMailbox mailbox = new StubMailbox();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    /** @param settings {@code key=value} each */
    TestGateway(TestKafka kafka, String... settings) {
        this(kafka.properties(), Stream.of(settings).map(setting -> setting.split("=", 2))
                .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1])));
    }

    TestGateway(Map<String, Object> kafka, Map<String, String> settings) {
        vertx = Vertx.vertx();
        certificates = new Certificates(vertx, KEYS);
        server = new SmtpServer(config(settings), new Surroundings(vertx,
                settings.getOrDefault("postbus.hostname", "mx.example.org"), kafka, registry, () -> true,
                Optional.of(certificates), Optional.of(new InternalApiClient(vertx,
                        new InternalApi(mailbox.uri(), StubMailbox.TOKEN, Optional.empty()), 4)), srs(settings)));
        try {
            server.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        Await.until("the gateway is ready", () -> server.directoryLoaded() && server.kafkaReachable());
    }

    private static Optional<Srs> srs(Map<String, String> settings) {
        return Optional.ofNullable(settings.get("postbus.srs.secret-file")).map(file -> {
            try {
                return Srs.read(Path.of(file));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    static SmtpConfig config(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of("smtp.host", "127.0.0.1", "smtp.port", "0", "smtp.drain", "5s",
                "smtp.submission.port", "0", "smtp.submission.tls-port", "0", "smtp.submission.login-delay", "10ms"));
        all.putAll(settings);
        return new SmallRyeConfigBuilder().withMapping(SmtpConfig.class).addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(all, "test", 500)).build().getConfigMapping(SmtpConfig.class);
    }

    static PfxOptions keys(String... hostnames) {
        try {
            Path folder = Files.createTempDirectory("smtp-gateway-test");
            TestCertificate made = TestCertificate.make(folder, hostnames);
            return new PfxOptions().setPath(made.store().toString()).setPassword(made.password());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    SmtpServer server() {
        return server;
    }

    InetSocketAddress address() {
        return address(server.port());
    }

    InetSocketAddress submission() {
        return address(server.submissionPort());
    }

    InetSocketAddress submissions() {
        return address(server.submissionsPort());
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    Client connect() throws IOException {
        return new Client(address());
    }

    @Override
    public void close() {
        server.close();
        mailbox.close();
        vertx.close();
    }
}
