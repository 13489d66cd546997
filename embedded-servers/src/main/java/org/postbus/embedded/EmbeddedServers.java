package org.postbus.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * One Kafka and one PostgreSQL for all tests of a JVM, on free ports, in a temporary folder that goes with the JVM.
 *
 * <p>Tests share the servers, not the data: each makes its own topics and databases.
 */
public final class EmbeddedServers {

    private static final String PREFIX = "postbus-test-";

    private final EmbeddedKafka kafka;
    private final EmbeddedPostgres postgres;
    private final AtomicInteger databases = new AtomicInteger();

    /** A database and how to connect to it. */
    public record Database(String jdbcUrl, String user, String password) {}

    private static final class Shared {
        static final EmbeddedServers INSTANCE = startShared();
    }

    private EmbeddedServers(EmbeddedKafka kafka, EmbeddedPostgres postgres) {
        this.kafka = kafka;
        this.postgres = postgres;
    }

    /** The servers of this JVM, started at the first call (about 5 s). */
    public static EmbeddedServers forTests() {
        return Shared.INSTANCE;
    }

    /** Host and port of the broker, which asks for no credentials. */
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** Makes a topic; one that exists is left as it is. */
    public void createTopic(String name, int partitions, Map<String, String> config) {
        kafka.createTopics(List.of(new EmbeddedKafka.Topic(name, partitions, config)));
    }

    /** Makes a topic with the broker's defaults; one that exists is left as it is. */
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** A new empty database that no other test sees. */
    public Database freshDatabase() {
        String name = "test_" + databases.incrementAndGet();
        postgres.createDatabase(name);
        return new Database(postgres.jdbcUrl(name), EmbeddedPostgres.USER, postgres.password());
    }

    EmbeddedKafka kafka() {
        return kafka;
    }

    EmbeddedPostgres postgres() {
        return postgres;
    }

    private static EmbeddedServers startShared() {
        try {
            Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
            removeLeftovers(temporary);
            Path folder = Files.createTempDirectory(temporary, PREFIX + ProcessHandle.current().pid() + "-");
            var kafka = CompletableFuture.supplyAsync(() ->
                    EmbeddedKafka.start(new EmbeddedKafka.Settings(folder.resolve("kafka"), 0, 0, false)));
            var postgres = EmbeddedPostgres.start(
                    new EmbeddedPostgres.Settings(folder.resolve("postgres"), userCache(temporary), 0));
            EmbeddedServers servers = new EmbeddedServers(kafka.join(), postgres);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> servers.stop(folder), "embedded-servers-stop"));
            return servers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The programs are unpacked once per user, not once per run. */
    static Path userCache(Path temporary) {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        try {
            return Files.createDirectories(Path.of(cache, "postbus"));
        } catch (IOException e) {
            return temporary.resolve(PREFIX + ProcessHandle.current().pid() + "-binaries");
        }
    }

    /** A JVM that was killed leaves its PostgreSQL running: stop it and delete its folder. */
    private static void removeLeftovers(Path temporary) throws IOException {
        try (Stream<Path> folders = Files.list(temporary)) {
            for (Path folder : folders.filter(EmbeddedServers::ownerIsGone).toList()) {
                Path data = folder.resolve("postgres/data");
                if (Files.exists(data)) {
                    ProcessHandle.allProcesses()
                            .filter(process -> PostgresOrphans.worksIn(process, data))
                            .forEach(ProcessHandle::destroyForcibly);
                }
                Folders.delete(folder);
            }
        }
    }

    private static boolean ownerIsGone(Path folder) {
        String name = folder.getFileName().toString();
        if (!name.startsWith(PREFIX)) {
            return false;
        }
        String pid = name.substring(PREFIX.length()).split("-")[0];
        return pid.matches("[0-9]{1,9}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
    }

    private void stop(Path folder) {
        kafka.close();
        postgres.close();
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
