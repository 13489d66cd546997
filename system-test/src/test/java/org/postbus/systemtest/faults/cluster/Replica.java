package org.postbus.systemtest.faults.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.postbus.systemtest.Launcher;
import org.postbus.systemtest.Ports;
import org.postbus.systemtest.ServiceProcess;

/** One replica of a service: the same ports through all its lives. Safe for all threads, one change at a time. */
public final class Replica {

    private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

    private final Kind kind;
    private final String name;
    private final Map<String, String> settings;
    private final List<String> javaOptions;
    private final Path folder;
    private final int httpPort = Ports.next();
    private final int port = Ports.next();
    private final int submissionsPort = Ports.next();
    private ServiceProcess service;

    Replica(Kind kind, int index, Map<String, String> settings, Plan plan) {
        this.kind = kind;
        this.name = kind.service() + " " + index;
        this.settings = new HashMap<>(settings);
        this.javaOptions = plan.javaOptions().getOrDefault(kind, List.of());
        this.folder = plan.folder();
        if (plan.fixedNames()) {
            this.settings.put("kafka.group.instance.id", kind.service() + "-" + index);
        }
        if (kind == Kind.DELIVERY) {
            // What it says at EHLO, so that a remote can tell one from the other.
            this.settings.put("postbus.hostname", "delivery-" + index + ".faults.test");
        }
        this.settings.put("smtp.port", String.valueOf(port));
        this.settings.put("pop3.port", String.valueOf(port));
        this.settings.put("smtp.submission.tls-port", String.valueOf(submissionsPort));
    }

    public Kind kind() {
        return kind;
    }

    public String name() {
        return name;
    }

    int httpPort() {
        return httpPort;
    }

    /** Of SMTP or POP3. */
    public int port() {
        return port;
    }

    /** Of submission under TLS. */
    int submissionsPort() {
        return submissionsPort;
    }

    /** Starts without waiting. */
    public void start() throws IOException {
        launch(Map.of());
    }

    /** Starts so that it halts at a point. */
    public void startArmed(KillPoint point, int passage) throws IOException {
        launch(Map.of("postbus.fault.at", point.at() + ":" + passage,
                "postbus.fault.markers", folder.resolve("markers").toString()));
    }

    private synchronized void launch(Map<String, String> armed) throws IOException {
        if (isAlive()) {
            throw new IllegalStateException(name + " runs");
        }
        List<String> options = new ArrayList<>(SMALL);
        options.addAll(javaOptions.isEmpty() ? StartCaches.options(kind) : javaOptions);
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(armed);
        service = ServiceProcess.start(kind.service(), httpPort, all, options, folder);
    }

    public synchronized boolean isAlive() {
        return service != null && service.process().isAlive();
    }

    public boolean isReady() throws InterruptedException {
        return isAlive() && service.status("/q/health/ready") == 200;
    }

    public void awaitReady() throws Exception {
        service.awaitReady();
    }

    /** kill -9. */
    public synchronized void kill() {
        if (service != null) {
            service.process().destroyForcibly().onExit().join();
        }
    }

    /** SIGTERM, without waiting. */
    public void terminate() {
        service.process().destroy();
    }

    /** SIGTERM, and waits for the end. */
    public void stop() throws InterruptedException {
        service.stop();
    }

    /** SIGSTOP or SIGCONT. */
    public void signal(String signal) {
        Launcher.run(List.of("kill", "-" + signal, String.valueOf(service.process().pid())));
    }

    /** Whether it stands still, after SIGSTOP. */
    public boolean isStopped() throws IOException {
        return Files.readString(Path.of("/proc/" + service.process().pid() + "/status")).contains("State:\tT");
    }

    /** Whether the process ended within the time. */
    public boolean endsWithin(long millis) throws InterruptedException {
        return service.process().waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** Whether the last process left its marker at the point. */
    public boolean haltedAt(KillPoint point) {
        return Files.exists(folder.resolve("markers").resolve(point.point() + "-" + service.process().pid()));
    }
}
