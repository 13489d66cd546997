package org.postbus.systemtest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One service in a process of its own, as a cluster runs it. */
public final class ServiceProcess implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofSeconds(120);
    /** Compiled little, since most lives are short. */
    private static final String SHORT_LIFE = "-XX:TieredStopAtLevel=1";
    /** Another address of this machine, so that one port number does for both and no other process gets the second in between. */
    private static final String MANAGEMENT_HOST = "127.0.0.2";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String service;
    private final Process process;
    private final URI rest;
    private final URI management;
    private final Path log;

    private ServiceProcess(String service, Process process, URI rest, URI management, Path log) {
        this.service = service;
        this.process = process;
        this.rest = rest;
        this.management = management;
        this.log = log;
    }

    /**
     * Starts without waiting.
     *
     * @param settings passed as environment, as a Deployment does: every service may see all of them; but those whose names have
     *                 a quoted part, for which the environment has no sure form
     */
    static ServiceProcess start(String service, int httpPort, Map<String, String> settings, Path folder) throws IOException {
        return start(service, httpPort, settings, List.of(), folder);
    }

    /** The same with options for java. What a process on the same port printed before stays in the log. */
    public static ServiceProcess start(String service, int httpPort, Map<String, String> settings, List<String> javaOptions,
            Path folder) throws IOException {
        Path log = folder.resolve(service + "-" + httpPort + ".log");
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx256m", SHORT_LIFE,
                "-Dquarkus.http.host=127.0.0.1", "-Dquarkus.http.port=" + httpPort,
                "-Dquarkus.management.host=" + MANAGEMENT_HOST, "-Dquarkus.management.port=" + httpPort));
        command.addAll(javaOptions);
        settings.forEach((key, value) -> {
            if (key.contains("\"")) {
                command.add("-D" + key + "=" + value);
            }
        });
        command.addAll(List.of("-jar", SourceTree.jar(service).toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        settings.forEach((key, value) -> {
            if (!key.contains("\"")) {
                builder.environment().put(key.toUpperCase().replaceAll("[^A-Z0-9]", "_"), value);
            }
        });
        return start(service, builder, URI.create("http://127.0.0.1:" + httpPort),
                URI.create("http://" + MANAGEMENT_HOST + ":" + httpPort), log);
    }

    /**
     * Starts any command, without waiting.
     *
     * @param rest       where it serves REST
     * @param management where it serves health and metrics
     * @param log        what it prints is appended to this file
     */
    public static ServiceProcess start(String service, ProcessBuilder command, URI rest, URI management, Path log) throws IOException {
        Process process = command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
        return new ServiceProcess(service, process, rest, management, log);
    }

    /** Waits until its readiness says UP. */
    public ServiceProcess awaitReady() throws Exception {
        Await.answer(service + " ready, see its log:\n" + log, READY_WITHIN, () -> {
            if (!process.isAlive()) {
                throw new AssertionError(service + " ended:\n" + Files.readString(log));
            }
            return status("/q/health/ready") == 200 ? Optional.of(true) : Optional.empty();
        });
        return this;
    }

    /** Status of a GET; 0 where nobody answers. */
    public int status(String path) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder((path.startsWith("/q/") ? management : rest).resolve(path))
                    .timeout(Duration.ofSeconds(10)).build();
            return HTTP.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    public Process process() {
        return process;
    }

    public String printed() throws IOException {
        return Files.readString(log);
    }

    /** SIGTERM; returns the exit status. */
    public int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(service + " did not stop within 60 s");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
