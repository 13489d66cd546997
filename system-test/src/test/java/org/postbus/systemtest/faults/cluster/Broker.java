package org.postbus.systemtest.faults.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.postbus.embedded.EmbeddedKafka;
import org.postbus.systemtest.Ports;

/**
 * One broker and its links: a listener for each kind of service, advertised by the link's port, one for the harness and
 * one for the other brokers.
 */
public final class Broker {

    private static final String LARGEST_RECORD = String.valueOf(4 * 1024 * 1024);

    private final int id;
    private final Path folder;
    private final Path data;
    private final int ownPort = Ports.next();
    private final int brokersPort = Ports.next();
    private final int controllerPort = Ports.next();
    private final Map<Kind, Integer> ports = new EnumMap<>(Kind.class);
    private final Map<Kind, Link> links = new EnumMap<>(Kind.class);
    private Process process;

    Broker(int id, Path folder, Path data) throws IOException {
        this.id = id;
        this.folder = folder;
        this.data = data;
        for (Kind kind : Kind.values()) {
            ports.put(kind, Ports.next());
            links.put(kind, new Link(kind.service() + " to broker " + id, List.of(ports.get(kind))));
        }
    }

    /** Host and port for the harness itself, past every link. */
    String address() {
        return "127.0.0.1:" + ownPort;
    }

    public String name() {
        return "broker " + id;
    }

    public Link link(Kind kind) {
        return links.get(kind);
    }

    String voter() {
        return id + "@127.0.0.1:" + controllerPort;
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Where its log is, for a fault that lies on its disk. */
    public Path data() {
        return data;
    }

    /** Starts without waiting. */
    void start(String clusterId, String voters, int replication) throws IOException {
        Path file = folder.resolve("broker-" + id + ".properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            config(clusterId, voters, replication).store(out, null);
        }
        process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-Xmx400m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-cp", ClassPath.ours(), BrokerMain.class.getName(), file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("broker-" + id + ".log").toFile()))
                .start();
    }

    /** kill -9. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM; kill -9 where it does not end, as a broker does that has no quorum to leave. */
    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            kill();
        }
    }

    void close() throws IOException {
        if (isAlive()) {
            kill();
        }
        for (Link link : links.values()) {
            link.close();
        }
    }

    private Properties config(String clusterId, String voters, int replication) throws IOException {
        Properties config = new Properties();
        try (InputStream defaults = EmbeddedKafka.class.getResourceAsStream("broker.properties")) {
            config.load(defaults);
        }
        config.put("cluster.id", clusterId);
        config.put("node.id", String.valueOf(id));
        config.put("log.dirs", data.toString());
        config.put("controller.quorum.voters", voters);
        config.put("message.max.bytes", LARGEST_RECORD);
        config.put("replica.fetch.max.bytes", LARGEST_RECORD);
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            config.put(topic + ".replication.factor", String.valueOf(replication));
        }
        config.put("default.replication.factor", String.valueOf(replication));
        config.put("min.insync.replicas", String.valueOf(replication > 1 ? 2 : 1));
        config.put("controlled.shutdown.enable", String.valueOf(replication > 1));
        listeners(config);
        return config;
    }

    private void listeners(Properties config) {
        StringJoiner bound = new StringJoiner(",");
        StringJoiner advertised = new StringJoiner(",");
        StringJoiner protocols = new StringJoiner(",");
        ports.forEach((kind, port) -> {
            bound.add(kind + "://127.0.0.1:" + port);
            advertised.add(kind + "://127.0.0.1:" + links.get(kind).port());
            protocols.add(kind + ":PLAINTEXT");
        });
        for (var own : Map.of("HARNESS", ownPort, "BROKER", brokersPort).entrySet()) {
            bound.add(own.getKey() + "://127.0.0.1:" + own.getValue());
            advertised.add(own.getKey() + "://127.0.0.1:" + own.getValue());
            protocols.add(own.getKey() + ":PLAINTEXT");
        }
        bound.add("CONTROLLER://127.0.0.1:" + controllerPort);
        protocols.add("CONTROLLER:PLAINTEXT");
        config.put("listeners", bound.toString());
        config.put("advertised.listeners", advertised.toString());
        config.put("listener.security.protocol.map", protocols.toString());
    }
}
