package org.postbus.systemtest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A whole Postbus in a process of its own, started by the launcher as an operator starts it. */
public final class RunningPlatform implements AutoCloseable {

    /** The first start behind a build makes the JVM's class cache before it starts anything. */
    static final Duration READY_WITHIN = Duration.ofSeconds(240);

    /** Compiled little: most live for a minute, and a start takes two thirds of the time on a processor that it takes else. */
    private static final String SHORT_LIFE = "-XX:TieredStopAtLevel=1";

    private final Process process;
    private final Path data;
    private final int offset;
    private final List<String> output = new ArrayList<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private RunningPlatform(Process process, Path data, int offset) {
        this.process = process;
        this.data = data;
        this.offset = offset;
    }

    /** Starts on a data folder, with the defaults and a heap of 300 MiB, and waits until it is ready. */
    public static RunningPlatform start(Path data) {
        return start(data, Map.of());
    }

    /** The same with configuration of the operator's own. */
    public static RunningPlatform start(Path data, Map<String, String> configuration) {
        return start(data, configuration, Map.of());
    }

    /** The same with variables in the environment of all its processes. */
    public static RunningPlatform start(Path data, Map<String, String> configuration, Map<String, String> environment) {
        return start(data, configuration, environment, List.of());
    }

    /** The same with the demo domain. */
    public static RunningPlatform startDemo(Path data) {
        return start(data, Map.of(), Map.of(), List.of("--demo"));
    }

    private static RunningPlatform start(
            Path data, Map<String, String> configuration, Map<String, String> environment, List<String> options) {
        RunningPlatform platform = launch(data, configuration, environment, options);
        if (!platform.awaitReady(READY_WITHIN)) {
            platform.process.destroyForcibly();
            throw new AssertionError("not ready:\n" + platform.printed());
        }
        return platform;
    }

    /** Starts without waiting, on a data folder that may be damaged. */
    public static RunningPlatform launch(Path data, Map<String, String> configuration) {
        return launch(data, configuration, Map.of(), List.of());
    }

    private static RunningPlatform launch(
            Path data, Map<String, String> configuration, Map<String, String> environment, List<String> options) {
        try {
            Files.createDirectories(data);
            StringBuilder properties = new StringBuilder();
            configuration.forEach((key, value) -> properties.append(key).append('=').append(value).append('\n'));
            Files.writeString(data.resolve("postbus.properties"), properties);
            int offset = Launcher.freeOffset();
            ProcessBuilder up = Launcher.command("up", "--data", data.toString(), "--port-offset", String.valueOf(offset));
            up.command().addAll(options);
            // A process group of its own, so that a kill -9 takes all of it; and SIGINT as a terminal gives it: a test run
            // in the background of a shell hands down an ignored one, which no JVM changes.
            up.command().addAll(0, List.of("env", "--default-signal=INT", "setsid"));
            up.environment().put("POSTBUS_JAVA_OPTIONS", "-Xms64m -Xmx300m " + SHORT_LIFE);
            up.environment().putAll(environment);
            RunningPlatform platform = new RunningPlatform(up.redirectErrorStream(true).start(), data, offset);
            // Reading a pipe holds the carrier of a virtual thread, and two platforms would hold both on two processors.
            Thread.ofPlatform().daemon().start(platform::read);
            return platform;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    public int smtpPort() {
        return 2525 + offset;
    }

    public int submissionPort() {
        return 2587 + offset;
    }

    /** Under TLS. */
    public int submissionsPort() {
        return 2465 + offset;
    }

    public int pop3Port() {
        return 2110 + offset;
    }

    /** Under TLS. */
    public int pop3sPort() {
        return 2995 + offset;
    }

    public int httpPort() {
        return 8080 + offset;
    }

    public int offset() {
        return offset;
    }

    public Path data() {
        return data;
    }

    /** Of the JVM that is the platform. */
    public long pid() {
        return process.pid();
    }

    /** Of the embedded broker, which asks for the password in {@code kafka/password}. */
    public int kafkaPort() {
        return 2192 + offset;
    }

    /** Of the embedded PostgreSQL, which asks for the password in {@code postgres/password}. */
    public int postgresPort() {
        return 2432 + offset;
    }

    public AdminApi admin() {
        return new AdminApi(httpPort(), data.resolve("admin-token"));
    }

    public SmtpClient smtp() throws IOException {
        return new SmtpClient(smtpPort());
    }

    public Pop3Client pop3() throws IOException {
        return new Pop3Client(pop3Port());
    }

    /** What the process printed so far. */
    public String printed() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    /** kill -9 of the whole process group, and with it of PostgreSQL if asked. */
    public void kill(boolean postgresToo) {
        List<String> groups = new ArrayList<>(List.of("kill", "-9", "--", "-" + process.pid()));
        if (postgresToo) {
            groups.add("-" + postmaster());
        }
        Launcher.run(groups);
        process.onExit().join();
    }

    /** Sends the process a signal. */
    public void signal(String signal) {
        Launcher.run(List.of("kill", "-" + signal, String.valueOf(process.pid())));
    }

    /** Ends the process by a signal and returns its exit status. */
    public int stop(String signal) {
        signal(signal);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("did not stop within 60 s:\n" + printed());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop("TERM");
        }
    }

    private String postmaster() {
        try {
            return Files.readAllLines(data.resolve("postgres/data/postmaster.pid")).getFirst();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether it is ready within the limit; not if it ends. */
    public boolean awaitReady(Duration limit) {
        try {
            ready.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (output) {
                    output.add(line);
                }
                if (line.startsWith("ready")) {
                    ready.complete(null);
                }
            }
            ready.completeExceptionally(new AssertionError("it ended"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }
}
