package org.postbus.systemtest.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.images.ServiceImage;
import org.postbus.systemtest.AdminApi;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.Pop3Client;
import org.postbus.systemtest.ServiceProcess;
import org.postbus.systemtest.SmtpClient;

/** The images, unpacked and started as the manifests start them: entry point, user, environment, probes, SIGTERM. */
class ImagesTest {

    private static final Duration WITHIN = Duration.ofSeconds(90);
    private static final List<String> MIGRATED = List.of("mailbox-service", "delivery-service");

    @TempDir
    private Path folder;
    private Trial trial;

    @BeforeEach
    void openToOtherUsers() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void end() {
        trial.close();
    }

    @Test
    void a_roll_out_from_nothing_takes_mail_and_a_stop_of_everything_loses_none() throws Exception {
        trial = Trial.prepare(Overlay.chosen(), folder);
        Map<String, Long> files = files();
        waitForTheirMigration();
        trial.start("smtp-gateway");
        trial.start("pop3-gateway");
        for (String service : ServiceImage.SERVICES) {
            trial.running(service).awaitReady();
            assertEquals(200, trial.running(service).status("/q/metrics"), service);
            assertFalse(trial.running(service).printed().contains("relation \""), service + " asked for a table before it was there");
        }
        AdminApi admin = trial.admin();
        admin.domain("image.test");
        admin.account("ann@image.test", "secret of ann");
        fetched(send());

        fetched(aMailWhoseGatewayGoesAway());
        for (String service : List.of("pop3-gateway", "delivery-service", "mailbox-service")) {
            trial.running(service).process().destroy();
            assertStopped(service);
        }
        assertEquals(files, files(), "what is in an image is not written to");
    }

    /** The services are there first, and are live but not ready. The Jobs are told of no Kafka and no tokens. */
    private void waitForTheirMigration() throws Exception {
        for (String service : MIGRATED) {
            trial.start(service);
        }
        for (String service : MIGRATED) {
            ServiceProcess waiting = trial.running(service);
            Await.answer(service + " to be live", WITHIN,
                    () -> Optional.of(waiting.status("/q/health/live")).filter(status -> status == 200));
            assertEquals(503, waiting.status("/q/health/ready"), service);
        }
        for (String service : MIGRATED) {
            ServiceProcess job = trial.migrate(service);
            assertTrue(job.process().waitFor(WITHIN), "the migration ends");
            assertEquals(0, job.process().exitValue(), job.printed());
        }
    }

    /** With a login, which mailbox-service judges, where there is TLS for it. */
    private String send() throws IOException {
        String text = "Subject: first\r\n\r\nhello\r\n";
        if (!trial.encrypted()) {
            try (SmtpClient client = new SmtpClient(trial.smtp())) {
                return client.mail("bob@elsewhere.test", List.of("ann@image.test"), text);
            }
        }
        try (SmtpClient client = SmtpClient.submission(trial.submissions(), "ann@image.test", "secret of ann")) {
            return client.mail("ann@image.test", List.of("ann@image.test"), text);
        }
    }

    /** SIGTERM comes in the middle of its data. */
    private String aMailWhoseGatewayGoesAway() throws Exception {
        ServiceProcess gateway = trial.running("smtp-gateway");
        String mailId;
        try (SmtpClient client = new SmtpClient(trial.smtp())) {
            SmtpClient.require("250", client.command("MAIL FROM:<bob@elsewhere.test>"));
            SmtpClient.require("250", client.command("RCPT TO:<ann@image.test>"));
            SmtpClient.require("354", client.command("DATA"));
            gateway.process().destroy();
            Await.answer("that it is not ready any more", WITHIN,
                    () -> Optional.of(gateway.status("/q/health/ready")).filter(status -> status == 503));
            client.write("Subject: last\r\n\r\n");
            mailId = SmtpClient.accepted(client.command("."));
        }
        assertStopped("smtp-gateway");
        return mailId;
    }

    private void fetched(String mailId) throws Exception {
        Await.answer("the mail " + mailId, WITHIN, () -> {
            try (Pop3Client client = new Pop3Client(trial.pop3()).logIn("ann@image.test", "secret of ann")) {
                boolean there = client.uidl().containsKey(mailId);
                client.command("QUIT");
                return there ? Optional.of(true) : Optional.empty();
            }
        });
    }

    /** The grace period is that of the manifests, as far as SIGTERM may use it. */
    private void assertStopped(String service) throws InterruptedException {
        Process process = trial.running(service).process();
        assertTrue(process.waitFor(Duration.ofSeconds(60)), service + " stops within its grace period");
        assertTrue(List.of(0, 143).contains(process.exitValue()), service + ": " + process.exitValue());
    }

    /** When each file of each image was last written. */
    private Map<String, Long> files() throws IOException {
        Map<String, Long> files = new TreeMap<>();
        for (Path root : trial.roots()) {
            try (Stream<Path> all = Files.walk(root)) {
                all.forEach(file -> files.put(file.toString(), file.toFile().lastModified()));
            }
        }
        assertTrue(files.size() > 400, files::toString);
        return files;
    }
}
