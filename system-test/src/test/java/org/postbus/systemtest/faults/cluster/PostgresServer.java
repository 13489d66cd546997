package org.postbus.systemtest.faults.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.postbus.embedded.EmbeddedPostgres;
import org.postbus.systemtest.Launcher;
import org.postbus.systemtest.Ports;

/** PostgreSQL as a process of its own, with a link for each service that uses it. */
public final class PostgresServer {

    private static final String DATABASE = "postbus";

    private final EmbeddedPostgres.Settings settings;
    private final Map<Kind, Link> links = new EnumMap<>(Kind.class);
    private EmbeddedPostgres server;

    PostgresServer(Path folder) throws IOException {
        Path cache = Path.of(System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache"));
        settings = new EmbeddedPostgres.Settings(folder, cache.resolve("postbus"), Ports.next());
        for (Kind kind : List.of(Kind.DELIVERY, Kind.MAILBOX)) {
            links.put(kind, new Link(kind.service() + " to PostgreSQL", List.of(settings.port())));
        }
    }

    public void start() {
        server = EmbeddedPostgres.start(settings);
        server.createDatabase(DATABASE);
    }

    /** kill -9 of the postmaster; its children follow it. */
    public void kill() {
        server.kill();
    }

    public void stop() {
        server.close();
    }

    /** The server's own files. */
    Path data() {
        return settings.folder().resolve("data");
    }

    /** After a kill: waits until no process of the server is left. */
    void awaitGone() {
        EmbeddedPostgres.stopLeftBehind(settings);
    }

    public Link link(Kind kind) {
        return links.get(kind);
    }

    /** The data folder as it is; the server must be stopped. */
    public void copyTo(Path copy) throws IOException {
        copy(settings.folder(), copy);
    }

    /** Takes the data folder back to a copy; the server must be stopped. */
    public void restore(Path copy) throws IOException {
        Path away = settings.folder().resolveSibling("postgres-before-restore");
        Launcher.run(List.of("rm", "-rf", away.toString()));
        Files.move(settings.folder(), away);
        copy(copy, settings.folder());
    }

    private static void copy(Path from, Path to) {
        Launcher.Result result = Launcher.run(List.of("cp", "-a", from.toString(), to.toString()));
        if (result.status() != 0) {
            throw new IllegalStateException(result.output());
        }
    }

    /** A connection of the harness's own, past every link. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(DATABASE), EmbeddedPostgres.USER, server.password());
    }

    Map<String, String> settings() {
        Map<String, String> all = new java.util.HashMap<>();
        links.forEach((kind, link) -> {
            String source = "quarkus.datasource." + kind.name().toLowerCase();
            all.put(source + ".jdbc.url", "jdbc:postgresql://127.0.0.1:" + link.port() + "/" + DATABASE);
            all.put(source + ".username", EmbeddedPostgres.USER);
            all.put(source + ".password", server.password());
        });
        all.put("quarkus.datasource.mailbox.jdbc.max-size", "10");
        all.put("quarkus.datasource.delivery.jdbc.max-size", "4");
        return all;
    }

    void close() throws IOException {
        if (server != null) {
            server.kill();
        }
        for (Link link : links.values()) {
            link.close();
        }
    }
}
