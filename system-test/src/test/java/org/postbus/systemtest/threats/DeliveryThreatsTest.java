package org.postbus.systemtest.threats;

import static org.postbus.systemtest.threats.Wire.expect;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.Pop3Client;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SharedPlatform;
import org.postbus.systemtest.SmtpClient;

/** S23, S24: mail that would go round, and mail that would be sent back to somebody who never sent it. */
@ExtendWith({SharedPlatform.class, ThreatReport.class})
class DeliveryThreatsTest {

    private static final String DOMAIN = "loops.test";
    private static final String VICTIM = "victim@" + DOMAIN;
    private static final String PASSWORD = "secret of the victim";
    private static final String SENDER = "sender@" + DOMAIN;
    private static final Duration FAILED_WITHIN = Duration.ofSeconds(60);
    private static final int RECIPIENTS = 25;
    private static final int CLIENTS = 16;

    private final RunningPlatform platform;

    DeliveryThreatsTest(RunningPlatform platform) {
        this.platform = platform;
        platform.admin().domain(DOMAIN);
        platform.admin().account(VICTIM, PASSWORD);
    }

    @Test
    @DisplayName("S23 more than 50 Received fields: 554 5.4.6; aliases that lead in a circle cannot be made")
    void loops() throws Exception {
        Row row = new Row("S23", 300);
        for (int i = 0; i < row.count(); i++) {
            int hops = i % 3 == 0 ? 51 : 51 + row.random().nextInt(500);
            String name = row.oneOf(List.of("Received: from x", "RECEIVED:y", "received \t: z", "Received: a\r\n\tfolded\r\n b"));
            row.answered(hops + " hops", mail((name + "\r\n").repeat(hops) + "Subject: loop\r\n\r\nx\r\n"), "554 5.4.6");
        }
        String names = "X-Received: a\r\n".repeat(60) + "Received: b\r\n".repeat(50) + "\r\n" + "Received: in the body\r\n".repeat(60);
        row.holds(mail(names).startsWith("250 "), "fifty hops are not too many");
        for (int length = 1; length <= 5; length++) {
            circle(row, length);
        }
        row.end();
    }

    private String mail(String text) throws IOException {
        try (Wire wire = Wire.greeted(platform.smtpPort())) {
            return wire.startMail("hops@client.test", VICTIM).send(text).ask(".");
        }
    }

    /** Each alias leads to the next, and the last to the first. */
    private void circle(Row row, int length) throws IOException {
        boolean refused = false;
        for (int n = 0; n < length; n++) {
            String target = "c" + length + "-" + (n + 1) % length + "@" + DOMAIN;
            String alias = "{\"address\":\"c" + length + "-" + n + "@" + DOMAIN + "\",\"targets\":[\"" + target + "\"]}";
            refused = platform.admin().send("POST", "/api/v1/aliases", alias).statusCode() >= 400;
        }
        row.judged(refused, "a circle of " + length + " aliases was made");
        try (Wire wire = Wire.greeted(platform.smtpPort())) {
            expect("250", wire.ask("MAIL FROM:<" + VICTIM + ">"));
            row.answered("RCPT to a circle", wire.ask("RCPT TO:<c" + length + "-0@" + DOMAIN + ">"), "550 5.");
        }
    }

    @Test
    @DisplayName("S24 forged mail is refused at RCPT, and what fails later sends nothing to the null reverse-path")
    void backscatter() throws Exception {
        Row row = new Row("S24", 10_000);
        EventLog log = EventLog.ofMailFromNow(platform);
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int sent = 0; sent < row.count(); sent += RECIPIENTS) {
                clients.submit(() -> forge(row));
            }
        }
        failsLater(row);
        row.holds(bouncesToTheVictim(log) == 0, "a DSN was sent to the forged address");
        row.end();
    }

    private void forge(Row row) {
        try (Wire wire = Wire.greeted(platform.smtpPort())) {
            expect("250", wire.ask("MAIL FROM:<" + VICTIM + ">"));
            for (int n = 0; n < RECIPIENTS; n++) {
                String nobody = Long.toString(row.random().nextLong() & Long.MAX_VALUE, 36) + "@" + DOMAIN;
                row.answered("RCPT TO:<" + nobody + ">", wire.ask("RCPT TO:<" + nobody + ">"), "550 5.1.1");
            }
            row.holds(wire.ask("DATA").startsWith("554 "), "DATA without recipients");
        } catch (IOException | AssertionError e) {
            row.holds(false, "a session ended: " + e);
        }
    }

    /** Over quota: found out at filing. That a mail of somebody gets its DSN shows that those of nobody could have got one. */
    private void failsLater(Row row) throws Exception {
        String full = "full@" + DOMAIN;
        platform.admin().account(full, "secret of nobody", OptionalLong.of(1));
        platform.admin().account(SENDER, PASSWORD);
        EventLog log = EventLog.ofMailFromNow(platform);
        List<String> ofNobody = List.of(send("", full), send("", full), send("", full));
        String last = send(SENDER, full);
        for (String mailId : ofNobody) {
            Await.answer("the failure of " + mailId, FAILED_WITHIN, () -> isFailed(mailId));
        }
        Await.answer("the DSN for the last", FAILED_WITHIN, () -> isFiledFor(SENDER, last));
        // Those three, and one DSN.
        row.judged(ofNobody(log) == 4, "mails with the null reverse-path: " + ofNobody(log));
    }

    private static int ofNobody(EventLog log) {
        return log.accepted(mail -> mail.reversePath().isEmpty()
                && mail.forwardPaths().stream().anyMatch(path -> path.endsWith(DOMAIN))).size();
    }

    private Optional<Boolean> isFailed(String mailId) {
        String trail = platform.admin().send("GET", "/api/v1/mails/" + mailId, "").body();
        return trail.contains("failed") ? Optional.of(true) : Optional.empty();
    }

    private String send(String from, String to) throws IOException {
        try (SmtpClient smtp = platform.smtp()) {
            return smtp.mail(from, List.of(to), "Subject: too much\r\n\r\nx\r\n");
        }
    }

    private Optional<Boolean> isFiledFor(String address, String mailId) throws IOException {
        try (Pop3Client pop3 = platform.pop3().logIn(address, PASSWORD)) {
            boolean there = pop3.uidl().values().stream().anyMatch(number -> holds(pop3, number, mailId));
            pop3.command("QUIT");
            return there ? Optional.of(true) : Optional.empty();
        }
    }

    private static boolean holds(Pop3Client pop3, int number, String text) {
        try {
            return pop3.retrieve(number).contains(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int bouncesToTheVictim(EventLog log) {
        return log.accepted(mail -> mail.reversePath().isEmpty() && mail.forwardPaths().contains(VICTIM)).size();
    }
}
