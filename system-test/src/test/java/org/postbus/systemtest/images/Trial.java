package org.postbus.systemtest.images;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.events.TopicCheck;
import org.postbus.images.Base;
import org.postbus.images.Destination;
import org.postbus.images.ServiceImage;
import org.postbus.protocol.tls.TestCertificate;
import org.postbus.protocol.tls.TrustAll;
import org.postbus.systemtest.AdminApi;
import org.postbus.systemtest.Ports;
import org.postbus.systemtest.ServiceProcess;
import org.postbus.systemtest.SourceTree;

/**
 * An overlay's services on this machine, from their images. Only addresses, ports and what somebody else puts into Secrets are
 * other than in the manifests, and how one reaches Kafka.
 */
final class Trial implements AutoCloseable {

    private static final List<String> SECRETS = List.of("admin-token", "internal-token", "srs-secret", "delivery-secret");

    private final Overlay overlay;
    private final Path folder;
    private final Map<String, String> here = new HashMap<>();
    private final Map<String, Container> containers = new HashMap<>();
    private final Map<String, Integer> rest = new HashMap<>();
    private final Map<String, Integer> management = new HashMap<>();
    private final Map<String, ServiceProcess> running = new HashMap<>();

    private Trial(Overlay overlay, Path folder) {
        this.overlay = overlay;
        this.folder = folder;
    }

    /** Builds and unpacks the images; Kafka and PostgreSQL are there, the schemas are not. */
    static Trial prepare(Overlay overlay, Path folder) throws Exception {
        Trial trial = new Trial(overlay, folder);
        trial.mountSecrets();
        for (String service : ServiceImage.SERVICES) {
            trial.containers.put(service, new Container(trial.unpack(service), folder.resolve("mounts"), folder));
            trial.rest.put(service, Ports.next());
            trial.management.put(service, Ports.next());
        }
        trial.connect(EmbeddedServers.forTests());
        return trial;
    }

    private UnpackedImage unpack(String service) throws IOException, InterruptedException {
        Path tars = Files.createDirectories(folder.resolve("tars"));
        ServiceImage.of(SourceTree.root(), service).build(new Base.Scratch(), new Destination.Folder(tars), "test",
                folder.resolve("cache"), System.err::println);
        return UnpackedImage.of(tars.resolve(service + ".tar"), folder.resolve(service));
    }

    private void mountSecrets() throws IOException {
        Path mounts = folder.resolve("mounts");
        for (String name : SECRETS) {
            Files.writeString(Files.createDirectories(mounts.resolve("secrets")).resolve(name), name + UUID.randomUUID());
        }
        TestCertificate certificate = TestCertificate.make(folder, "localhost");
        for (String name : List.of("internal", "tls")) {
            Path to = Files.createDirectories(mounts.resolve(name));
            Files.copy(certificate.certificates(), to.resolve("ca.crt"));
            Files.copy(certificate.certificates(), to.resolve("tls.crt"));
            Files.copy(certificate.key("localhost"), to.resolve("tls.key"));
        }
    }

    private void connect(EmbeddedServers servers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers.bootstrapServers()))) {
            TopicCheck.createStandalone(admin);
        }
        here.put("KAFKA_BOOTSTRAP_SERVERS", servers.bootstrapServers());
        here.put("KAFKA_SECURITY_PROTOCOL", "PLAINTEXT");
        EmbeddedServers.Database database = servers.freshDatabase();
        for (String name : List.of("DELIVERY", "MAILBOX")) {
            here.put("QUARKUS_DATASOURCE_" + name + "_JDBC_URL", database.jdbcUrl());
            here.put("QUARKUS_DATASOURCE_" + name + "_USERNAME", database.user());
            here.put("QUARKUS_DATASOURCE_" + name + "_PASSWORD", database.password());
        }
        for (String port : List.of("SMTP_PORT", "SMTP_SUBMISSION_PORT", "SMTP_SUBMISSION_TLS_PORT", "POP3_PORT", "POP3_TLS_PORT")) {
            here.put(port, String.valueOf(Ports.next()));
        }
        here.put("POSTBUS_INTERNAL_URL", root("mailbox-service").toString());
    }

    void start(String service) throws IOException {
        Map<String, String> values = new HashMap<>(here);
        values.put("QUARKUS_HTTP_PORT", rest.get(service).toString());
        values.put("QUARKUS_HTTP_SSL_PORT", rest.get(service).toString());
        values.put("QUARKUS_MANAGEMENT_PORT", management.get(service).toString());
        Deployment deployment = overlay.deployment(service).with(values, Map.of("POSTBUS_EVENTS_REPLICAS", "1"));
        running.put(service, containers.get(service).start(deployment, root(service),
                URI.create("http://127.0.0.1:" + management.get(service))));
    }

    /** Starts the Job that migrates. */
    ServiceProcess migrate(String service) throws IOException {
        return containers.get(service).start(overlay.migration(service).with(here, Map.of()), root(service), root(service));
    }

    ServiceProcess running(String service) {
        return running.get(service);
    }

    AdminApi admin() {
        return new AdminApi(root("mailbox-service").toString(), folder.resolve("mounts/secrets/admin-token"),
                HttpClient.newBuilder().sslContext(TrustAll.context()).build());
    }

    /** Whether the manifests ask for TLS. */
    boolean encrypted() {
        return overlay.deployment("mailbox-service").environment().containsKey("QUARKUS_HTTP_SSL_PORT");
    }

    int smtp() {
        return Integer.parseInt(here.get("SMTP_PORT"));
    }

    int submissions() {
        return Integer.parseInt(here.get("SMTP_SUBMISSION_TLS_PORT"));
    }

    int pop3() {
        return Integer.parseInt(here.get("POP3_PORT"));
    }

    /** What each image has. */
    List<Path> roots() {
        return containers.values().stream().map(container -> container.image().root()).toList();
    }

    private URI root(String service) {
        return URI.create((encrypted() ? "https" : "http") + "://localhost:" + rest.get(service));
    }

    @Override
    public void close() {
        running.values().forEach(ServiceProcess::close);
    }
}
