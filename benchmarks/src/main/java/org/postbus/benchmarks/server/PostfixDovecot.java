package org.postbus.benchmarks.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postbus.benchmarks.load.Mail;
import org.postbus.benchmarks.machine.ProcessTree;
import org.postbus.benchmarks.remote.Elsewhere;

/** Postfix, which hands each mail to Dovecot by LMTP; Dovecot keeps it in a Maildir and serves it by POP3. Or Postfix relays it. */
public final class PostfixDovecot implements Server {

    private final Path folder;
    private final Elsewhere elsewhere;
    private PeerConfiguration configuration;
    private Maillog maillog;
    private Process postfix;
    private Process dovecot;

    /** @param folder for its data; made at start, removed at close */
    public PostfixDovecot(Path folder, Elsewhere elsewhere) {
        this.folder = folder;
        this.elsewhere = elsewhere;
    }

    @Override
    public String name() {
        return "postfix+dovecot";
    }

    @Override
    public List<String> description() {
        List<String> lines = new ArrayList<>();
        try {
            lines.add("Postfix " + Program.run("postconf", "-dh", "mail_version") + ", Dovecot "
                    + Program.run("dovecot", "--version"));
        } catch (IOException e) {
            lines.add("Postfix and Dovecot of unknown version: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lines.addAll(PeerConfiguration.REASONS);
        return lines;
    }

    @Override
    public void start() throws IOException, InterruptedException {
        Folders.remove(folder);
        int smtp = 2525 + FreePorts.offset(2525);
        configuration = new PeerConfiguration(folder, smtp, 2110 + FreePorts.offset(2110), elsewhere.domains());
        configuration.write();
        Program.run("chown", "postfix", folder.resolve("postfix-data").toString());
        Program.run("chown", "mail:mail", folder.resolve("mail").toString());
        maillog = new Maillog(configuration.maillog());
        up();
    }

    @Override
    public void restart() throws IOException, InterruptedException {
        down();
        up();
    }

    @Override
    public int smtpPort() {
        return configuration.smtpPort();
    }

    @Override
    public int pop3Port() {
        return configuration.pop3Port();
    }

    @Override
    public Elsewhere elsewhere() {
        return elsewhere;
    }

    /** Every account there is: user data base and password are static. */
    @Override
    public void prepare(List<String> accounts) {}

    @Override
    public long filed(int recipients) throws IOException {
        return maillog.sent() / recipients;
    }

    /** Writes the files as Dovecot's LMTP would: LF at line ends, both sizes in the name. */
    @Override
    public void fill(String account, int messages, int octets) throws IOException, InterruptedException {
        Path maildir = configuration.maildir(account);
        for (String part : List.of("new", "cur", "tmp")) {
            Files.createDirectories(maildir.resolve(part));
        }
        String text = Mail.text(octets);
        byte[] stored = text.replace("\r\n", "\n").getBytes();
        for (int n = 1; n <= messages; n++) {
            String name = "17000%05d.M%dP1.bench,S=%d,W=%d:2,".formatted(n, n, stored.length, text.length());
            Files.write(maildir.resolve("cur").resolve(name), stored);
        }
        Program.run("chown", "-R", "mail:mail", maildir.getParent().toString());
    }

    @Override
    public boolean loseIndexes(String account) throws IOException {
        try (Stream<Path> files = Files.list(configuration.maildir(account))) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("dovecot")).toList()) {
                Files.delete(file);
            }
        }
        return true;
    }

    /** Idle processes would be taken for new sessions, and their memory not seen to grow. */
    @Override
    public void forgetSessions() throws IOException, InterruptedException {
        restart();
    }

    @Override
    public Memory memory() throws IOException {
        return new Memory(new ProcessTree(List.of(postfix.pid(), dovecot.pid())).memory(), 0);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        down();
        Folders.remove(folder);
    }

    /** Both in the foreground: as our children they are seen to end. */
    private void up() throws IOException, InterruptedException {
        dovecot = start("dovecot", "-F", "-c", configuration.dovecot().toString());
        postfix = start("postfix", "-c", configuration.postfix().toString(), "start-fg");
        await(smtpPort());
        await(pop3Port());
    }

    private Process start(String... words) throws IOException {
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(folder.resolve("log").resolve(words[0] + ".out").toFile())
                .start();
    }

    private void down() throws InterruptedException {
        if (postfix == null) {
            return;
        }
        // The command waits for Postfix's master process, which is what ends it.
        postfix.children().forEach(ProcessHandle::destroy);
        dovecot.destroy();
        for (Process process : List.of(postfix, dovecot)) {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static void await(int port) throws IOException, InterruptedException {
        IOException last = null;
        for (int tenth = 0; tenth < 100; tenth++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                return;
            } catch (IOException e) {
                last = e;
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        throw last;
    }
}
