package org.postbus.systemtest.relay;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.Launcher;
import org.postbus.systemtest.Ports;

/**
 * An instance of the distribution's Postfix in a folder of its own, beside the machine's, which it does not touch. It takes mail for every
 * address of {@value #DOMAIN}, offers STARTTLS with a certificate that nobody trusts, and keeps the mail in one Maildir.
 */
final class PostfixServer implements AutoCloseable {

    static final String DOMAIN = "postfix.test";

    private static final Path PROGRAM = Path.of("/usr/sbin/postfix");
    private static final String MAIN = """
            compatibility_level = 3.6
            queue_directory = FOLDER/queue
            data_directory = FOLDER/data
            maillog_file = FOLDER/log/mail.log
            maillog_file_prefixes = FOLDER
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            myhostname = mx.postfix.test
            mydestination =
            mynetworks = 127.0.0.0/8
            local_recipient_maps =
            alias_maps =
            alias_database =
            virtual_mailbox_domains = postfix.test, verify.test
            virtual_mailbox_base = FOLDER/mail
            virtual_mailbox_maps = static:all/
            virtual_uid_maps = static:65534
            virtual_gid_maps = static:65534
            virtual_mailbox_limit = 0
            message_size_limit = 104857600
            local_header_rewrite_clients =
            smtpd_relay_restrictions = permit_mynetworks, reject
            smtpd_peername_lookup = no
            disable_dns_lookups = yes
            smtpd_tls_security_level = may
            smtpd_tls_cert_file = FOLDER/tls/certificate.pem
            smtpd_tls_key_file = FOLDER/tls/key.pem
            smtpd_tls_received_header = yes
            """;
    private static final String MASTER = """
            127.0.0.1:PORT inet n - n - - smtpd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            flush unix n - n 1000? 0 flush
            proxymap unix - - n - - proxymap
            virtual unix - n n - - virtual
            error unix - - n - - error
            retry unix - - n - - error
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            postlog unix-dgram n - n - 1 postlogd
            """;

    private final Path folder;
    private final int port;
    private final Process process;

    private PostfixServer(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** Why there can be none here. */
    static Optional<String> missing() {
        return !Files.isExecutable(PROGRAM) ? Optional.of("Postfix is not installed")
                : !"root".equals(System.getProperty("user.name")) ? Optional.of("an instance of Postfix needs root")
                : Optional.empty();
    }

    /** @param folder for its data, below folders that every user may enter */
    static PostfixServer start(Path folder) throws Exception {
        for (String name : List.of("postfix", "queue", "data", "log", "tls", "mail")) {
            Files.createDirectories(folder.resolve(name));
        }
        int port = Ports.next();
        Files.writeString(folder.resolve("postfix/main.cf"), MAIN.replace("FOLDER", folder.toString()));
        Files.writeString(folder.resolve("postfix/master.cf"), MASTER.replace("PORT", String.valueOf(port)));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=mx.postfix.test",
                "-keyout", folder.resolve("tls/key.pem").toString(), "-out", folder.resolve("tls/certificate.pem").toString());
        run("chown", "postfix", folder.resolve("data").toString());
        run("chown", "65534:65534", folder.resolve("mail").toString());
        Process process = new ProcessBuilder(PROGRAM.toString(), "-c", folder.resolve("postfix").toString(), "start-fg")
                .redirectErrorStream(true).redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(folder.resolve("log/output").toFile()).start();
        PostfixServer server = new PostfixServer(folder, port, process);
        Await.answer("Postfix: see " + folder.resolve("log"), Duration.ofSeconds(30), () -> answers(port));
        return server;
    }

    int port() {
        return port;
    }

    /** The mail with these words as it lies in the Maildir, once it is there. */
    byte[] await(String words) throws Exception {
        return Await.answer("a mail with " + words + " in " + folder, Duration.ofSeconds(60), () -> find(words));
    }

    Optional<byte[]> find(String words) throws IOException {
        Path maildir = folder.resolve("mail/all/new");
        if (!Files.isDirectory(maildir)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(maildir)) {
            for (Path file : files.toList()) {
                byte[] octets = Files.readAllBytes(file);
                if (new String(octets, StandardCharsets.ISO_8859_1).contains(words)) {
                    return Optional.of(octets);
                }
            }
            return Optional.empty();
        }
    }

    /** The command waits for Postfix's master process, which is what ends it. */
    @Override
    public void close() throws InterruptedException {
        process.children().forEach(ProcessHandle::destroy);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    private static Optional<Boolean> answers(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return Optional.of(true);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void run(String... command) {
        Launcher.Result result = Launcher.run(List.of(command));
        if (result.status() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + result.output());
        }
    }
}
