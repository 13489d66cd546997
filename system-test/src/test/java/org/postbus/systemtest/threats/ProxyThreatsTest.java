package org.postbus.systemtest.threats;

import static org.postbus.systemtest.threats.Wire.expect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.events.Envelope;
import org.postbus.systemtest.RunningPlatform;

/** S19, S22: who a client is, and what it may say in clear text for that. */
@ExtendWith({StrictPlatform.class, ThreatReport.class})
class ProxyThreatsTest {

    private static final String VICTIM = "victim@proxies.test";
    /** Nothing else on earth looks like it. */
    private static final String CANARY = "Canary-7b1f0c55-c2a8-yellow";
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final List<String> BAD_HEADERS = List.of("EHLO client.test\r\n", "PROXY TCP4 x y 1 2\r\n", "PROXY\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n",
            "proxy TCP4 1.2.3.4 1.2.3.4 1 2\r\n", "PROXY TCP6 localhost ::1 1 2\r\n", "PROXY UNKNOWN" + "x".repeat(95) + "\r\n", "PROXY TCP4 " + "1".repeat(500),
            SIGNATURE + "!\u0011\u00ff\u00ff", SIGNATURE + "\u00ff\u0011\0\u000c0123456789ab", SIGNATURE + "1\u0011\0\u000c0123456789ab",
            SIGNATURE + "!1\0\u000c0123456789ab", SIGNATURE + "!\u0011\0\u000b01234567890", SIGNATURE + "!!\0\u000c0123456789ab", "\r\n\r\nEHLO x\r\n");

    private final RunningPlatform platform;

    ProxyThreatsTest(RunningPlatform platform) {
        this.platform = platform;
        platform.admin().domain("proxies.test");
        platform.admin().account(VICTIM, CANARY);
    }

    @Test
    @DisplayName("S22 a header of a stranger is no header, one of a proxy is the whole truth, and a bad one is the end")
    void spoofing() throws Exception {
        Row row = new Row("S22", 500);
        Map<String, String> clients = new HashMap<>();
        for (int i = 0; i < row.count(); i++) {
            switch (i % 4) {
                case 0 -> clients.put(ofAStranger(row, i), "127.0.0.1");
                case 1, 2 -> bad(row, i % 8 == 1 ? noise(row) : row.oneOf(BAD_HEADERS));
                default -> clients.put(ofNobody(row, i), StrictPlatform.PROXY);
            }
        }
        List<Envelope> mails = new EventLog(platform).accepted(mail -> clients.containsKey(mail.reversePath()));
        row.holds(mails.size() == clients.size(), "mails are missing");
        for (Envelope mail : mails) {
            row.holds(mail.client().address().equals(clients.get(mail.reversePath())), mail.reversePath() + " came from " + mail.client());
        }
        row.end();
    }

    /** Returns the reverse-path of a mail whose envelope shows whom the platform took the client for. */
    private String ofAStranger(Row row, int i) throws IOException {
        binaryOfAStranger(row);
        try (Wire wire = Wire.to(platform.smtpPort())) {
            expect("220", wire.reply());
            row.answered("a stranger's PROXY", wire.ask("PROXY TCP4 192.0.2.1 192.0.2.2 1234 25"), "500 ");
            expect("250", wire.ask("EHLO client.test"));
            return mail(wire, "stranger" + i);
        }
    }

    private void binaryOfAStranger(Row row) throws IOException {
        try (Wire wire = Wire.to(platform.smtpPort())) {
            expect("220", wire.reply());
            List<String> replies = wire.send(SIGNATURE + "!\u0011\0\u000c\u00c0\0\u0002\u0001\u00c0\0\u0002\u0002\u0004\u00d2\0\u0019EHLO x\r\n").replies();
            row.holds(!replies.isEmpty() && replies.stream().allMatch(reply -> reply.startsWith("500 ")), "a stranger's binary header: " + replies);
        }
    }

    private void bad(Row row, String header) throws IOException {
        try (Wire wire = Wire.from(StrictPlatform.PROXY, platform.smtpPort())) {
            List<String> replies = wire.sendCut(header, row.random()).send("\r\nMAIL FROM:<a@b>\r\n" + "x".repeat(3000)).replies();
            row.judged(replies.isEmpty(), header + " was answered " + replies);
        }
    }

    private static String noise(Row row) {
        byte[] noise = new byte[1 + row.random().nextInt(60)];
        row.random().nextBytes(noise);
        String start = row.oneOf(List.of("", "PROXY ", "PROXY TCP4 ", SIGNATURE + "\""));
        return start + (start.isEmpty() ? "x" : "") + new String(noise, StandardCharsets.ISO_8859_1);
    }

    /** LOCAL and UNKNOWN: the proxy itself is the client. */
    private String ofNobody(Row row, int i) throws IOException {
        String header = row.oneOf(List.of(SIGNATURE + " \0\0\0", SIGNATURE + " \u0011\0\u000c\u00c0\0\u0002\u0001\u00c0\0\u0002\u0002\u0004\u00d2\0\u0019",
                SIGNATURE + "!\0\0\0", "PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff::1 ::1 1 2\r\n"));
        try (Wire wire = Wire.from(StrictPlatform.PROXY, platform.smtpPort()).sendCut(header, row.random()).greet()) {
            String sender = mail(wire, "nobody" + i);
            row.judged(true, sender);
            return sender;
        }
    }

    private static String mail(Wire wire, String sender) throws IOException {
        wire.startMail(sender + "@attacker.test", VICTIM);
        expect("250", wire.ask("x\r\n."));
        return sender + "@attacker.test";
    }

    @Test
    @DisplayName("S19 no login in clear text from elsewhere: not announced, not judged, and no password anywhere")
    void clearText() throws Exception {
        Row row = new Row("S19", 300);
        for (int i = 0; i < row.count(); i++) {
            try (Wire wire = proxied("192.0.2." + (1 + i % 200))) {
                expect("220", wire.reply());
                row.judged(!extensions(wire).contains("AUTH"), "AUTH is announced");
                row.answered("the right password", wire.ask("AUTH PLAIN " + plain(CANARY)), "538 5.7.11");
                row.answered("LOGIN with a name", wire.ask("AUTH LOGIN " + base64(VICTIM)), "538 5.7.11");
                row.answered("a password for a command", wire.ask(CANARY), "500 ");
                row.answered("a password for an argument", wire.ask("AUTH PLAIN " + CANARY), "538 ");
                row.holds(wire.ask("MAIL FROM:<" + VICTIM + ">").startsWith("530 "), "MAIL without a login");
            }
        }
        alsoWhereItIsAllowed();
        List<String> logs = new Logs(platform).texts();
        List<String> events = new EventLog(platform).texts();
        // What is there is seen: else this would look in the wrong place.
        row.holds(events.stream().anyMatch(text -> text.contains(VICTIM)), "no topic mentions the account");
        for (String secret : List.of(CANARY, plain(CANARY), base64(CANARY), base64("x" + CANARY))) {
            row.holds(logs.stream().noneMatch(text -> text.contains(secret)), secret + " is in a log");
            row.holds(events.stream().noneMatch(text -> text.contains(secret)), secret + " is in a topic");
        }
        row.end();
    }

    /** From loopback: right, wrong, broken off, and over POP3. */
    private void alsoWhereItIsAllowed() throws IOException {
        try (Wire wire = Wire.greeted(platform.submissionPort())) {
            expect("334", wire.ask("AUTH LOGIN " + base64(VICTIM)));
            expect("535", wire.ask(base64("x" + CANARY)));
            expect("235", wire.ask("AUTH PLAIN " + plain(CANARY)));
        }
        try (Wire wire = Wire.greeted(platform.submissionPort())) {
            expect("334", wire.ask("AUTH PLAIN"));
            wire.send(plain(CANARY));
        }
        for (String password : List.of(CANARY, "x" + CANARY)) {
            try (Wire wire = Wire.to(platform.pop3Port())) {
                expect("+OK", wire.reply());
                expect("+OK", wire.ask("USER " + VICTIM));
                wire.ask("PASS " + password);
                wire.ask("PASS " + password);
            }
        }
    }

    private Wire proxied(String client) throws IOException {
        return Wire.from(StrictPlatform.PROXY, platform.submissionPort()).send("PROXY TCP4 " + client + " 192.0.2.250 1234 587\r\n");
    }

    private static String extensions(Wire wire) throws IOException {
        StringBuilder extensions = new StringBuilder();
        wire.send("EHLO client.test\r\n");
        for (String line = wire.line(); ; line = wire.line()) {
            extensions.append(line);
            if (!line.startsWith("250-")) {
                return extensions.toString();
            }
        }
    }

    private static String plain(String password) {
        return base64("\0" + VICTIM + "\0" + password);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
