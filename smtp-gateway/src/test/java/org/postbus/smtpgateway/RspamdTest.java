package org.postbus.smtpgateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.events.Envelope;
import org.postbus.events.MailRecord;

/** A real Rspamd, by HTTP and as a milter; skipped, and said so, where the program is missing. */
class RspamdTest {

    private static final String GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n";
    private static final Path PROGRAM = Path.of("/usr/bin/rspamd");

    @TempDir
    private static Path folder;
    private static TestKafka kafka;
    private static Process rspamd;
    private static Map<String, String> urls;

    @BeforeAll
    static void start() throws IOException {
        boolean installed = Files.isExecutable(PROGRAM);
        if (!installed) {
            System.out.println("RspamdTest is skipped: " + PROGRAM + " is not there (Debian package rspamd)");
        }
        Assumptions.assumeTrue(installed);
        int http = freePort();
        int milter = freePort();
        urls = Map.of("http", "http://127.0.0.1:" + http, "milter", "milter://127.0.0.1:" + milter);
        Files.writeString(folder.resolve("tld"), "test\norg\n");
        // The few things that an Rspamd cannot do without; nothing that asks a network.
        Path config = Files.writeString(folder.resolve("rspamd.conf"), """
                options { pidfile = "%1$s/pid"; temp_dir = "%1$s"; filters = ""; url_tld = "%1$s/tld"; gtube_patterns = "all";
                  dns { nameserver = ["127.0.0.1:1:1"]; timeout = 100ms; retransmits = 1; } }
                logging { type = "console"; level = "warning"; }
                lua = "/usr/share/rspamd/rules/rspamd.lua";
                actions { reject = 15; add_header = 6; }
                modules { path = "/usr/share/rspamd/plugins/milter_headers.lua"; }
                group "none" { }
                milter_headers { use = ["x-spamd-bar"]; skip_local = false; skip_authenticated = false; }
                worker "normal" { bind_socket = "127.0.0.1:%2$d"; count = 1; }
                worker "rspamd_proxy" { bind_socket = "127.0.0.1:%3$d"; milter = yes; count = 1;
                  upstream "local" { default = yes; self_scan = yes; } }
                """.formatted(folder, http, milter));
        rspamd = new ProcessBuilder(PROGRAM.toString(), "-f", "-i", "-c", config.toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
        Await.until("Rspamd is up", () -> listens(http) && listens(milter));
        kafka = TestKafka.withJones(folder);
    }

    @AfterAll
    static void stop() {
        if (rspamd != null) {
            rspamd.destroy();
            kafka.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "milter"})
    void rejectsAndAddsFields(String protocol) throws Exception {
        try (TestGateway gateway = new TestGateway(kafka, "smtp.filter.url=" + urls.get(protocol));
                Client client = gateway.connect()) {
            client.startMail("smith@client.test", "jones@example.org");
            Client.expect("554 5.7.1 Gtube pattern", client.send("Subject: x\r\n\r\n" + GTUBE).ask("."));
            client.nextMail("smith@client.test", "jones@example.org");
            var whole = assertInstanceOf(MailRecord.Whole.class,
                    kafka.mail(client.send("Subject: x\r\nX-Spamd-Bar: -----\r\n\r\nsoup\r\n").endMail()).getFirst());
            Envelope envelope = (Envelope) whole.envelope();
            assertTrue(envelope.traceFields().matches("(?s)X-Spamd-Bar: [+/]+\r\nReceived: .*"), envelope.traceFields());
            assertTrue(envelope.removedFields().contains("X-Spamd-Bar"), envelope.removedFields().toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "milter"})
    void seesAllOfALargeMail(String protocol) throws Exception {
        String large = "Subject: x\r\nContent-Type: text/plain\r\n\r\n" + "soup of the day\r\n".repeat(30_000);
        try (TestGateway gateway = new TestGateway(kafka, "smtp.filter.url=" + urls.get(protocol));
                Client client = gateway.connect()) {
            client.startMail("smith@client.test", "jones@example.org");
            var closing = assertInstanceOf(MailRecord.Closing.class, kafka.mail(client.send(large).endMail()).getLast());
            assertTrue(closing.edits().added().startsWith("X-Spamd-Bar: "), closing.edits().added());
            assertEquals(List.of(), gateway.registry.find("postbus.smtp.filter.failures").counters().stream().toList());
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
