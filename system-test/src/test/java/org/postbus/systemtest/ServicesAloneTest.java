package org.postbus.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.embedded.EmbeddedServers;
import org.postbus.events.TopicCheck;

/** The four services as four processes that know each other by configuration alone. */
class ServicesAloneTest {

    private static final Duration FILED_WITHIN = Duration.ofSeconds(60);

    @TempDir
    private Path folder;
    private final Map<String, ServiceProcess> running = new HashMap<>();
    private final Map<String, Integer> ports = new HashMap<>();
    private EmbeddedServers servers;
    private EmbeddedServers.Database database;

    @BeforeEach
    void prepare() throws Exception {
        servers = EmbeddedServers.forTests();
        database = servers.freshDatabase();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers.bootstrapServers()))) {
            TopicCheck.createStandalone(admin);
        }
        Files.writeString(folder.resolve("admin-token"), "admin-" + UUID.randomUUID());
        Files.writeString(folder.resolve("internal-token"), "internal-" + UUID.randomUUID());
        for (String port : List.of("smtp-gateway", "pop3-gateway", "delivery-service", "mailbox-service", "smtp", "pop3")) {
            ports.put(port, Ports.next());
        }
    }

    @AfterEach
    void end() {
        running.values().forEach(ServiceProcess::close);
    }

    @Test
    void mail_is_accepted_while_everything_behind_the_gateway_is_away_and_arrives_when_it_is_back() throws Exception {
        start("mailbox-service", "delivery-service", "smtp-gateway", "pop3-gateway");
        AdminApi admin = new AdminApi(ports.get("mailbox-service"), folder.resolve("admin-token"));
        admin.domain("alone.test");
        admin.account("ann@alone.test", "secret of ann");
        for (String service : List.of("mailbox-service", "delivery-service")) {
            assertEquals(401, running.get(service).status("/api/v1/anything"), service + " has a gate");
        }

        stop("delivery-service", "mailbox-service");
        assertEquals(503, running.get("pop3-gateway").status("/q/health/ready"), "without mailbox-service no maildrop opens");
        assertEquals(200, running.get("pop3-gateway").status("/q/health/live"), "but a restart would not help");
        String mailId;
        try (SmtpClient smtp = new SmtpClient(ports.get("smtp"))) {
            mailId = smtp.mail("bob@elsewhere.test", List.of("ann@alone.test"), "Subject: patience\r\n\r\nhello\r\n");
        }

        start("mailbox-service", "delivery-service");
        running.get("pop3-gateway").awaitReady();
        String text = Await.answer("the mail", FILED_WITHIN, () -> fetch(mailId));
        assertTrue(text.contains("Subject: patience\r\n") && text.endsWith("\r\nhello\r\n"), text);
        String last = aMailWhoseGatewayGoesAway();
        assertEquals(0, stop("smtp-gateway"));
        Await.answer("the last mail", FILED_WITHIN, () -> fetch(last));
    }

    /** SIGTERM comes in the middle of its data. */
    private String aMailWhoseGatewayGoesAway() throws Exception {
        ServiceProcess gateway = running.get("smtp-gateway");
        try (SmtpClient smtp = new SmtpClient(ports.get("smtp"))) {
            SmtpClient.require("250", smtp.command("MAIL FROM:<bob@elsewhere.test>"));
            SmtpClient.require("250", smtp.command("RCPT TO:<ann@alone.test>"));
            SmtpClient.require("354", smtp.command("DATA"));
            gateway.process().destroy();
            Await.answer("that it is not ready any more", Duration.ofSeconds(10),
                    () -> Optional.of(gateway.status("/q/health/ready")).filter(status -> status == 503));
            smtp.write("Subject: last\r\n\r\n");
            String mailId = SmtpClient.accepted(smtp.command("."));
            SmtpClient.require("421 4.3.2", smtp.reply());
            return mailId;
        }
    }

    private Optional<String> fetch(String mailId) throws IOException {
        try (Pop3Client pop3 = new Pop3Client(ports.get("pop3")).logIn("ann@alone.test", "secret of ann")) {
            Integer number = pop3.uidl().get(mailId);
            Optional<String> text = number == null ? Optional.empty() : Optional.of(pop3.retrieve(number));
            pop3.command("QUIT");
            return text;
        }
    }

    private void start(String... services) throws Exception {
        for (String service : services) {
            running.put(service, ServiceProcess.start(service, ports.get(service), settings(), folder));
        }
        for (String service : services) {
            running.get(service).awaitReady();
        }
    }

    private int stop(String... services) throws InterruptedException {
        int worst = 0;
        for (String service : services) {
            int status = running.get(service).stop();
            // 143 is what the JVM says after SIGTERM where nothing else was asked for.
            worst = Math.max(worst, status == 143 ? 0 : status);
        }
        return worst;
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("kafka.bootstrap.servers", servers.bootstrapServers());
        settings.put("postbus.events.replicas", "1");
        settings.put("postbus.hostname", "alone.test");
        settings.put("postbus.admin-token-file", folder.resolve("admin-token").toString());
        settings.put("postbus.internal-token-file", folder.resolve("internal-token").toString());
        settings.put("postbus.internal-url", "http://127.0.0.1:" + ports.get("mailbox-service"));
        settings.put("smtp.host", "127.0.0.1");
        settings.put("smtp.port", ports.get("smtp").toString());
        settings.put("pop3.host", "127.0.0.1");
        settings.put("pop3.port", ports.get("pop3").toString());
        for (String service : List.of("mailbox", "delivery")) {
            settings.put("quarkus.datasource." + service + ".jdbc.url", database.jdbcUrl());
            settings.put("quarkus.datasource." + service + ".username", database.user());
            settings.put("quarkus.datasource." + service + ".password", database.password());
        }
        return settings;
    }
}
