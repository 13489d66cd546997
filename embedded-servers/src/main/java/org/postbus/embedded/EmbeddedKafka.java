package org.postbus.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * One Kafka broker in this process: a KRaft node that is broker and controller at once, on the loopback interface.
 *
 * <p>Durability is the topics' business ({@code flush.messages=1}); the broker neither deletes records by age nor
 * makes topics by itself. The data folder is complete or absent, whatever killed the process that made it.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final int NODE_ID = 1;
    private static final int LARGEST_RECORD = 4 * 1024 * 1024;
    private static final String USER = "postbus";
    private static final Duration TOPICS_WITHIN = Duration.ofSeconds(30);

    /**
     * Where the broker lives and listens.
     *
     * @param folder data folder, made if absent
     * @param port of the clients' listener; 0 picks a free one
     * @param controllerPort of the controller's listener; 0 picks a free one
     * @param credentials whether both listeners ask for a generated password (SASL/PLAIN; it never leaves loopback)
     */
    public record Settings(Path folder, int port, int controllerPort, boolean credentials) {}

    /** A topic to make; {@code config} has Kafka's topic-level settings. */
    public record Topic(String name, int partitions, Map<String, String> config) {}

    private final KafkaRaftServer server;
    private final Map<String, Object> clientProperties;

    private EmbeddedKafka(KafkaRaftServer server, Map<String, Object> clientProperties) {
        this.server = server;
        this.clientProperties = clientProperties;
    }

    /**
     * Starts the broker and returns when it serves clients (1-3 s; after a kill 2 s more, until the old
     * broker session has run out).
     *
     * @throws EmbeddedServerException the folder cannot be used, or a port is taken
     */
    public static EmbeddedKafka start(Settings settings) {
        int port = Ports.orFree(settings.port());
        int controllerPort = Ports.orFree(settings.controllerPort());
        KafkaRaftServer server = null;
        Thread thread = Thread.currentThread();
        ClassLoader callers = thread.getContextClassLoader();
        try {
            // The broker loads classes by name from here, and its threads inherit it; a caller's may see other ones.
            thread.setContextClassLoader(EmbeddedKafka.class.getClassLoader());
            Folders.makeWhole(settings.folder(), EmbeddedKafka::format);
            Map<String, Object> client = client(settings, port);
            server = new KafkaRaftServer(new KafkaConfig(broker(settings, port, controllerPort, client)), Time.SYSTEM);
            server.startup();
            return new EmbeddedKafka(server, client);
        } catch (Exception e) {
            stopQuietly(server);
            throw new EmbeddedServerException("Kafka cannot start in " + settings.folder() + ": " + e.getMessage(), e);
        } finally {
            thread.setContextClassLoader(callers);
        }
    }

    /** Host and port for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return (String) clientProperties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    }

    /** What every client needs to connect: {@code bootstrap.servers}, and with credentials the SASL settings. */
    public Map<String, Object> clientProperties() {
        return Map.copyOf(clientProperties);
    }

    /**
     * Makes the topics that do not exist, each with one replica; those that exist get the settings that they lack, as when an
     * earlier release has made them, and keep those that they have. A broker that a busy machine kept from telling that it lives is
     * given half a minute.
     */
    public void createTopics(List<Topic> topics) {
        long deadline = System.nanoTime() + TOPICS_WITHIN.toNanos();
        try (Admin admin = Admin.create(clientProperties())) {
            while (!makeMissing(admin, topics)) {
                if (System.nanoTime() > deadline) {
                    throw new EmbeddedServerException("topics cannot be made: the broker does not come to life");
                }
                Thread.sleep(200);
            }
        } catch (ExecutionException e) {
            throw new EmbeddedServerException("topics cannot be made: " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new EmbeddedServerException("topics were not made within " + TOPICS_WITHIN.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("interrupted while making topics", e);
        }
    }

    private static boolean makeMissing(Admin admin, List<Topic> topics)
            throws ExecutionException, InterruptedException, TimeoutException {
        Set<String> existing = admin.listTopics().names().get(TOPICS_WITHIN.toSeconds(), TimeUnit.SECONDS);
        addSettings(admin, topics.stream().filter(topic -> existing.contains(topic.name())).toList());
        List<NewTopic> missing = topics.stream()
                .filter(topic -> !existing.contains(topic.name()))
                .map(topic -> new NewTopic(topic.name(), topic.partitions(), (short) 1).configs(topic.config()))
                .toList();
        try {
            admin.createTopics(missing).all().get(TOPICS_WITHIN.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            // That is how the controller says that it has no live broker.
            if (e.getCause() instanceof InvalidReplicationFactorException) {
                return false;
            }
            throw e;
        }
    }

    private static void addSettings(Admin admin, List<Topic> topics) throws ExecutionException, InterruptedException, TimeoutException {
        Map<ConfigResource, Config> there = admin.describeConfigs(topics.stream().map(EmbeddedKafka::resource).toList()).all()
                .get(TOPICS_WITHIN.toSeconds(), TimeUnit.SECONDS);
        Map<ConfigResource, Collection<AlterConfigOp>> lacking = new HashMap<>();
        topics.forEach(topic -> lacking.put(resource(topic), topic.config().entrySet().stream()
                .filter(wanted -> !isSet(there.get(resource(topic)).get(wanted.getKey())))
                .map(wanted -> new AlterConfigOp(new ConfigEntry(wanted.getKey(), wanted.getValue()), AlterConfigOp.OpType.SET)).toList()));
        lacking.values().removeIf(Collection::isEmpty);
        admin.incrementalAlterConfigs(lacking).all().get(TOPICS_WITHIN.toSeconds(), TimeUnit.SECONDS);
    }

    /** Whether it is the topic's own and not a default. */
    private static boolean isSet(ConfigEntry entry) {
        return entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG;
    }

    private static ConfigResource resource(Topic topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }

    /** Stops the broker cleanly; the data folder stays. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path folder) throws IOException {
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setNodeId(NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(folder.toString())
                    .addDirectory(folder.toString())
                    .run();
            Folders.newSecret(folder.resolve("password"));
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static Map<String, Object> client(Settings settings, int port) throws IOException {
        Map<String, Object> client = new HashMap<>();
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + port);
        if (settings.credentials()) {
            String password = Files.readString(settings.folder().resolve("password"));
            client.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SASL_PLAINTEXT");
            client.put(SaslConfigs.SASL_MECHANISM, "PLAIN");
            client.put(SaslConfigs.SASL_JAAS_CONFIG, login(password) + ";");
        }
        return client;
    }

    private static String login(String password) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + USER
                + "\" password=\"" + password + "\"";
    }

    private static Properties broker(Settings settings, int port, int controllerPort, Map<String, Object> client)
            throws IOException {
        Properties config = new Properties();
        try (var defaults = EmbeddedKafka.class.getResourceAsStream("broker.properties")) {
            config.load(defaults);
        }
        config.put("node.id", String.valueOf(NODE_ID));
        config.put("log.dirs", settings.folder().toString());
        config.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        config.put("listeners", "BROKER://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        config.put("advertised.listeners", "BROKER://127.0.0.1:" + port);
        config.put("message.max.bytes", String.valueOf(LARGEST_RECORD));
        config.put("replica.fetch.max.bytes", String.valueOf(LARGEST_RECORD));
        String protocol = settings.credentials() ? "SASL_PLAINTEXT" : "PLAINTEXT";
        config.put("listener.security.protocol.map", "BROKER:" + protocol + ",CONTROLLER:" + protocol);
        if (settings.credentials()) {
            String password = Files.readString(settings.folder().resolve("password"));
            String server = login(password) + " user_" + USER + "=\"" + password + "\";";
            config.put("listener.name.broker.plain.sasl.jaas.config", server);
            config.put("listener.name.controller.plain.sasl.jaas.config", server);
        }
        return config;
    }

    private static void stopQuietly(KafkaRaftServer server) {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
        }
    }
}
