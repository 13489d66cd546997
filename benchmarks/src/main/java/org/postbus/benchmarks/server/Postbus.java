package org.postbus.benchmarks.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.postbus.benchmarks.load.Delivery;
import org.postbus.benchmarks.machine.ProcessTree;
import org.postbus.benchmarks.remote.Elsewhere;

/** {@code postbus up} as it stands: the launcher's defaults, with full durability; what is set says where to relay to. */
public final class Postbus implements Server {

    private static final int SMTP = 2525;
    private static final int POP3 = 2110;
    private static final int HTTP = 8080;
    private static final int[] PORTS = {SMTP, POP3, HTTP, 2192, 2193, 2432};
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofMinutes(1);

    private final Path launcher;
    private final Path folder;
    private final Elsewhere elsewhere;
    private int offset;
    private Process process;
    private AdminApi api;

    /** @param folder for its data; made at start, removed at close */
    public Postbus(Path launcher, Path folder, Elsewhere elsewhere) {
        this.launcher = launcher;
        this.folder = folder;
        this.elsewhere = elsewhere;
    }

    @Override
    public String name() {
        return "postbus";
    }

    @Override
    public List<String> description() {
        return List.of(
                "Postbus: `postbus up` with its defaults: Kafka and PostgreSQL embedded, one fsync in Kafka before each 250,"
                        + " one in PostgreSQL before a mail counts as filed",
                "Postbus: relays for clients on this machine (smtp.relay-networks); delivery.routes, without TLS, for the sink's"
                        + " domains, and for others to where nobody listens; delivery.retry.first=30s, so that what is deferred"
                        + " is tried again while others are measured",
                "Postbus: a password is hashed with Argon2id at an account's first login and known after it; loads that log"
                        + " in do so once before they are timed, as a steady poller would have");
    }

    @Override
    public void start() throws IOException, InterruptedException {
        Folders.remove(folder);
        offset = FreePorts.offset(PORTS);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("postbus.properties"), settings(elsewhere));
        up();
    }

    @Override
    public void restart() throws IOException, InterruptedException {
        down();
        up();
    }

    @Override
    public int smtpPort() {
        return SMTP + offset;
    }

    @Override
    public int pop3Port() {
        return POP3 + offset;
    }

    @Override
    public Elsewhere elsewhere() {
        return elsewhere;
    }

    @Override
    public OptionalLong deferrals() throws IOException, InterruptedException {
        String attempts = "postbus_delivery_relay_recipients_total";
        return OptionalLong.of(api.metric(attempts, "action=\"delayed\"") + api.metric(attempts, "action=\"not-tried\""));
    }

    @Override
    public void prepare(List<String> accounts) throws IOException, InterruptedException {
        api.make(accounts);
    }

    @Override
    public long filed(int recipients) throws IOException, InterruptedException {
        return api.metric("postbus_mailbox_mails_filed_total");
    }

    @Override
    public void fill(String account, int messages, int octets) throws IOException, InterruptedException {
        long before = filed(1);
        Delivery.to(this, account, messages, octets);
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (filed(1) < before + messages) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the mails for " + account + " were not filed within 3 minutes");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    @Override
    public boolean loseIndexes(String account) {
        return false;
    }

    /** A session leaves nothing but garbage. */
    @Override
    public void forgetSessions() {}

    @Override
    public Memory memory() throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String pid = Long.toString(process.pid());
        Program.run(jcmd, pid, "GC.run");
        return new Memory(new ProcessTree(processes()).memory(), heap(Program.run(jcmd, pid, "GC.heap_info")));
    }

    /** Of lines such as {@code DefNew total 78656K, used 1399K [...]}; metaspace is no heap. */
    static long heap(String info) {
        return info.lines()
                .filter(line -> line.contains("total") && line.contains("used") && !line.contains("Metaspace"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*used (\\d+)K.*", "$1")) * 1024)
                .sum();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        down();
        Folders.remove(folder);
    }

    static String settings(Elsewhere elsewhere) throws IOException {
        StringBuilder settings = new StringBuilder("smtp.relay-networks=127.0.0.0/8\ndelivery.retry.first=30s\n");
        elsewhere.domains().forEach(domain -> settings.append(route(domain)));
        elsewhere.deadDomains().forEach(domain -> settings.append(route(domain)));
        return settings.toString();
    }

    private static String route(Elsewhere.Domain domain) {
        return """
                delivery.routes."%1$s".host=%2$s
                delivery.routes."%1$s".port=%3$d
                delivery.routes."%1$s".tls=none
                """.formatted(domain.name(), domain.host(), domain.port());
    }

    /** PostgreSQL's postmaster is no child of the JVM. */
    private List<Long> processes() throws IOException {
        List<Long> roots = new ArrayList<>(List.of(process.pid()));
        try (var files = Files.walk(folder, 3)) {
            for (Path file : files.filter(path -> path.endsWith("postmaster.pid")).toList()) {
                roots.add(Long.parseLong(Files.readAllLines(file).getFirst().strip()));
            }
        }
        return roots;
    }

    private void up() throws IOException, InterruptedException {
        Path log = folder.resolveSibling(folder.getFileName() + ".out");
        process = new ProcessBuilder(launcher.toString(), "up", "--data", folder.toString(), "--port-offset", "" + offset)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        api = new AdminApi(HTTP + offset, folder.resolve("admin-token"));
        long deadline = System.nanoTime() + START.toNanos();
        while (Files.readString(log).lines().noneMatch(line -> line.startsWith("ready"))) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("postbus up did not get ready: " + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private void down() throws InterruptedException {
        if (process == null) {
            return;
        }
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
