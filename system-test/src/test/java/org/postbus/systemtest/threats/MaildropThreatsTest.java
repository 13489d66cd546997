package org.postbus.systemtest.threats;

import static org.postbus.systemtest.threats.MaildropReader.PASSWORD;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.systemtest.Pop3Client;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SharedPlatform;

/** P2, P3, P4: who has a maildrop, what its messages are called, and a login that is not offered. */
@ExtendWith({SharedPlatform.class, ThreatReport.class})
class MaildropThreatsTest {

    private static final int AT_ONCE = 8;
    private static final String UNIQUE_ID = "[\\x21-\\x7E]{1,70}";
    private static final String SAME_MAIL = "Date: Thu, 1 Jan 2026 00:00:00 +0000\r\nFrom: a@client.test\r\nMessage-ID: <same@client.test>\r\n"
            + "Subject: the same\r\n\r\nagain\r\n";

    private final RunningPlatform platform;

    MaildropThreatsTest(RunningPlatform platform) {
        this.platform = platform;
    }

    @Test
    @DisplayName("P2 a second login is refused while the first session has the maildrop, and gets it as soon as that ends")
    void lock() throws Exception {
        Row row = new Row("P2", 300);
        MaildropReader victim = new MaildropReader(platform, "victim@lock.test");
        for (int i = 0; i < row.count(); i++) {
            try (Pop3Client first = victim.open()) {
                row.answered("a second login", victim.logInAgain(), "-ERR [IN-USE]");
                row.answered("a third", victim.logInAgain(), "-ERR [IN-USE]");
                row.holds(first.command("STAT").startsWith("+OK"), "the first session goes on");
                if (i % 4 == 3) {
                    first.command("QUIT");
                    row.answered("a login behind QUIT", victim.logInAgain(), "+OK");
                } else {
                    End.values()[i % 4].of(first);
                    victim.open().command("QUIT");
                }
            }
            row.judged(winners(victim) == 1, "not one of " + AT_ONCE + " logins at once");
        }
        row.end();
    }

    /** How many get in of some that ask at the same time and stay. */
    private static long winners(MaildropReader victim) throws Exception {
        List<Callable<Pop3Client>> logins = new ArrayList<>();
        for (int n = 0; n < AT_ONCE; n++) {
            Pop3Client pop3 = victim.platform().pop3();
            pop3.command("USER " + victim.address());
            logins.add(() -> {
                pop3.send("PASS " + PASSWORD);
                return pop3;
            });
        }
        long winners = 0;
        List<Pop3Client> open = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<Pop3Client> login : clients.invokeAll(logins)) {
                open.add(login.get());
            }
        }
        for (Pop3Client pop3 : open) {
            winners += pop3.line().startsWith("+OK") ? 1 : 0;
        }
        for (Pop3Client pop3 : open) {
            pop3.close();
        }
        return winners;
    }

    @Test
    @DisplayName("P3 unique-ids are 1 to 70 visible characters, stay, and are never used again, also for the same octets")
    void uniqueIds() throws Exception {
        Row row = new Row("P3", 300);
        MaildropReader victim = new MaildropReader(platform, "victim@unique.test");
        Set<String> ever = new HashSet<>();
        for (int i = 0; i < row.count(); i++) {
            victim.file(SAME_MAIL);
            victim.file(SAME_MAIL);
            Map<String, Integer> listed;
            try (Pop3Client pop3 = victim.open()) {
                listed = pop3.uidl();
                End.values()[i % 3].of(pop3);
            }
            for (String uniqueId : listed.keySet()) {
                row.judged(uniqueId.matches(UNIQUE_ID), "a unique-id " + uniqueId);
                row.holds(ever.add(uniqueId), "used again: " + uniqueId);
            }
            try (Pop3Client pop3 = victim.open()) {
                row.holds(listed.equals(pop3.uidl()) && listed.size() == 2, "other unique-ids in the next session");
                pop3.command("DELE 1");
                pop3.command("DELE 2");
                pop3.command("QUIT");
            }
        }
        row.end();
    }

    @Test
    @DisplayName("P4 APOP is not offered: no timestamp in the greeting, not in CAPA, -ERR to whatever asks for it")
    void apop() throws Exception {
        Row row = new Row("P4", 100);
        MaildropReader victim = new MaildropReader(platform, "victim@apop.test");
        for (int i = 0; i < row.count(); i++) {
            try (Wire wire = i % 2 == 0 ? Wire.to(platform.pop3Port()) : Wire.to(platform.pop3sPort()).handshake()) {
                String greeting = wire.reply();
                row.judged(greeting.startsWith("+OK") && !greeting.matches(".*<[^>]*>.*"), "the greeting " + greeting);
                String name = row.oneOf(List.of(victim.address(), "nobody@apop.test", "postmaster@apop.test"));
                row.answered("APOP", wire.ask(row.oneOf(List.of("APOP " + name + " " + digest(greeting + PASSWORD),
                        "apop " + name + " " + digest(PASSWORD), "APOP " + name + " " + "0".repeat(32), "APOP " + name, "APOP"))), "-ERR");
                row.holds(wire.ask("STAT").startsWith("-ERR"), "logged in by APOP");
                row.holds(!capabilities(wire).contains("APOP"), "APOP in CAPA");
            }
        }
        row.end();
    }

    private static List<String> capabilities(Wire wire) throws IOException {
        List<String> capabilities = new ArrayList<>();
        for (String line = wire.ask("CAPA"); !line.equals("."); line = wire.line()) {
            capabilities.add(line);
        }
        return capabilities;
    }

    private static String digest(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
