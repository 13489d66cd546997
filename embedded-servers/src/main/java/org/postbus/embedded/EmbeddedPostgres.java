package org.postbus.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * One PostgreSQL server as a child process, on the loopback interface, with a generated password and full durability.
 *
 * <p>A server that dies is started again; one that an earlier process left behind is stopped first. There is no
 * shutdown hook: whoever started the server closes it, after everything that uses it.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    /** The superuser. */
    public static final String USER = "postgres";

    private static final Logger LOG = Logger.getLogger(EmbeddedPostgres.class);
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    /** What an acknowledged COMMIT stands on; anything less and a power cut takes accepted mail. */
    private static final Map<String, String> DURABILITY =
            Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");

    /**
     * Where the server lives and listens.
     *
     * @param folder data folder, made if absent
     * @param binaries folder that the programs are unpacked to, once
     * @param port TCP port; 0 picks a free one
     */
    public record Settings(Path folder, Path binaries, int port) {}

    private final PostgresPrograms programs;
    private final Path data;
    private final Path log;
    private final String password;
    private final int port;
    private volatile boolean closing;
    private volatile Process server;

    private EmbeddedPostgres(PostgresPrograms programs, Path folder, int port) throws IOException {
        this.programs = programs;
        this.data = folder.resolve("data");
        this.log = folder.resolve("server.log");
        this.password = Files.readString(folder.resolve("password"));
        this.port = port;
    }

    /**
     * Starts the server and returns when it takes connections (1-3 s; the first start 3 s more).
     *
     * @throws EmbeddedServerException the folder cannot be used, the port is taken, or the machine lacks something
     */
    public static EmbeddedPostgres start(Settings settings) {
        Path folder = settings.folder().toAbsolutePath();
        try {
            PostgresPrograms programs = new PostgresPrograms(PostgresBinaries.unpack(settings.binaries().toAbsolutePath()));
            Folders.makeWhole(folder, unfinished -> initialise(programs, unfinished));
            EmbeddedPostgres postgres = new EmbeddedPostgres(programs, folder, Ports.orFree(settings.port()));
            new PostgresOrphans(programs, postgres.data).stop();
            postgres.launch();
            return postgres;
        } catch (IOException e) {
            throw new EmbeddedServerException("PostgreSQL cannot start in " + folder + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("PostgreSQL was interrupted while starting", e);
        }
    }

    /** Stops the server that an earlier process, since killed, left running on this folder; it holds its port. */
    public static void stopLeftBehind(Settings settings) {
        Path folder = settings.folder().toAbsolutePath();
        if (!Files.exists(folder)) {
            return;
        }
        try {
            PostgresPrograms programs = new PostgresPrograms(PostgresBinaries.unpack(settings.binaries().toAbsolutePath()));
            new PostgresOrphans(programs, folder.resolve("data")).stop();
        } catch (IOException e) {
            throw new EmbeddedServerException("the PostgreSQL left in " + folder + " cannot be stopped: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("interrupted while stopping PostgreSQL", e);
        }
    }

    /** The JDBC URL of a database, without credentials. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** The superuser's password. */
    public String password() {
        return password;
    }

    /** Makes a database unless it exists. The name is trusted: it is put into SQL in quotes. */
    public void createDatabase(String name) {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + name + "'")) {
                if (found.next()) {
                    return;
                }
            }
            statement.execute("CREATE DATABASE \"" + name + "\"");
        } catch (SQLException e) {
            throw new EmbeddedServerException("database " + name + " cannot be made: " + e.getMessage(), e);
        }
    }

    /** Disconnects every client and stops the server; the data folder stays. */
    @Override
    public void close() {
        closing = true;
        try {
            if (server.isAlive()) {
                programs.run("pg_ctl", List.of("stop", "-D", data.toString(), "-m", "fast", "-t", "60"));
            }
            server.waitFor(10, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new EmbeddedServerException("PostgreSQL cannot be stopped: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills the server as kill -9 does and leaves it so, until it is started on its folder again; for tests. */
    public void kill() {
        closing = true;
        server.destroyForcibly().onExit().join();
    }

    /** The server's process id, for tests that kill it. */
    long pid() {
        return server.pid();
    }

    /** Stops supervising, as if this process had been killed; for tests. */
    void forget() {
        closing = true;
    }

    private static void initialise(PostgresPrograms programs, Path folder) throws IOException {
        Path passwordFile = folder.resolve("password");
        Folders.newSecret(passwordFile);
        try {
            programs.run("initdb", List.of(
                    "--pgdata=" + folder.resolve("data"), "--username=" + USER, "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--data-checksums"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void launch() throws IOException, InterruptedException {
        server = new ProcessBuilder(serverCommand())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            awaitReady();
        } catch (EmbeddedServerException e) {
            server.destroyForcibly();
            throw e;
        }
        server.onExit().thenAccept(this::relaunch);
    }

    /** A session of its own, so that Ctrl-C at the terminal reaches us alone and we stop PostgreSQL last. */
    private List<String> serverCommand() {
        List<String> command = new ArrayList<>(List.of("setsid"));
        List<String> arguments = new ArrayList<>(List.of("-D", data.toString()));
        DURABILITY.forEach((name, value) -> arguments.addAll(List.of("-c", name + "=" + value)));
        for (String setting : List.of(
                "listen_addresses=127.0.0.1", "port=" + port, "unix_socket_directories=", "max_connections=100",
                "shared_buffers=128MB", "max_wal_size=1GB", "log_min_messages=warning",
                "log_line_prefix=%m [%p] ")) {
            arguments.addAll(List.of("-c", setting));
        }
        command.addAll(programs.command("postgres", arguments));
        return command;
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (true) {
            try (Connection connection = connect()) {
                verifyDurability(connection);
                return;
            } catch (SQLException e) {
                if (!server.isAlive()) {
                    throw new EmbeddedServerException("PostgreSQL ended at its start: " + lastWords(), e);
                }
                if (System.nanoTime() > deadline) {
                    throw new EmbeddedServerException("PostgreSQL was not ready within " + READY_WITHIN + "; see " + log, e);
                }
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    private String lastWords() {
        try (Stream<String> lines = Files.lines(log)) {
            String cause = lines.filter(line -> line.contains("FATAL") || line.contains("PANIC"))
                    .reduce((earlier, later) -> later)
                    .orElse("no reason given");
            return cause + " (" + log + ")";
        } catch (IOException e) {
            return "see " + log;
        }
    }

    private static void verifyDurability(Connection connection) throws SQLException {
        for (var setting : DURABILITY.entrySet()) {
            try (Statement statement = connection.createStatement();
                    ResultSet shown = statement.executeQuery("SHOW " + setting.getKey())) {
                shown.next();
                if (!shown.getString(1).equals(setting.getValue())) {
                    throw new EmbeddedServerException("PostgreSQL runs with " + setting.getKey() + "=" + shown.getString(1));
                }
            }
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl("postgres"), USER, password);
    }

    private void relaunch(Process ended) {
        while (!closing) {
            LOG.errorf("PostgreSQL ended with %d; starting it again, see %s", ended.exitValue(), log);
            try {
                new PostgresOrphans(programs, data).stop();
                launch();
                return;
            } catch (IOException | EmbeddedServerException e) {
                LOG.error("PostgreSQL cannot be started again, next attempt in 1 s", e);
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
