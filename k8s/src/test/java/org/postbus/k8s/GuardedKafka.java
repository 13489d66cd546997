package org.postbus.k8s;

import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** A broker in this process that lets nobody do what no rule allows, and knows its users by password. */
final class GuardedKafka implements AutoCloseable {

    private static final String ADMIN = "admin";
    private static final String PASSWORD = "of-this-test";

    private final KafkaRaftServer server;
    private final int port;

    private GuardedKafka(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    static GuardedKafka start(Path folder, List<String> users) throws Exception {
        new Formatter().setPrintStream(new PrintStream(OutputStream.nullOutputStream())).setNodeId(1)
                .setClusterId(Uuid.randomUuid().toString()).setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(folder.toString()).addDirectory(folder.toString()).run();
        int port = freePort();
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings(folder, port, freePort(), users)), Time.SYSTEM);
        server.startup();
        return new GuardedKafka(server, port);
    }

    private static Properties settings(Path folder, int port, int controller, List<String> users) {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "node.id", "1",
                "process.roles", "broker,controller",
                "log.dirs", folder.toString(),
                "controller.quorum.voters", "1@127.0.0.1:" + controller,
                "listeners", "CLIENTS://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
                "advertised.listeners", "CLIENTS://127.0.0.1:" + port,
                "listener.security.protocol.map", "CLIENTS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name", "CLIENTS",
                "controller.listener.names", "CONTROLLER",
                "message.max.bytes", "4194304"));
        settings.putAll(Map.of(
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "1",
                "group.initial.rebalance.delay.ms", "0",
                "auto.create.topics.enable", "false",
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                // The controller's listener is open, as loopback is here.
                "super.users", "User:" + ADMIN + ";User:ANONYMOUS",
                "sasl.enabled.mechanisms", "PLAIN",
                "sasl.mechanism.inter.broker.protocol", "PLAIN",
                "listener.name.clients.plain.sasl.jaas.config", login(ADMIN) + users.stream()
                        .map(user -> " user_" + user + "=\"" + PASSWORD + "\"").collect(Collectors.joining())
                        + " user_" + ADMIN + "=\"" + PASSWORD + "\";"));
        return settings;
    }

    private static String login(String user) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\"" + PASSWORD + "\"";
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** How a client connects as somebody. */
    Map<String, Object> as(String user) {
        return Map.of("bootstrap.servers", "127.0.0.1:" + port, "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", login(user) + ";");
    }

    Admin admin() {
        return Admin.create(as(ADMIN));
    }

    /** Gives it a bound. */
    static <T> T await(KafkaFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
