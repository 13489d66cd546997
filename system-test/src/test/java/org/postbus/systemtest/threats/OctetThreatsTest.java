package org.postbus.systemtest.threats;

import static org.postbus.systemtest.threats.Wire.expect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.systemtest.Maildrop;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SharedPlatform;
import org.postbus.systemtest.SmtpClient;

/** S26, S27: octets that do something elsewhere, and octets that nobody expects. */
@ExtendWith({SharedPlatform.class, ThreatReport.class})
class OctetThreatsTest {

    private static final String VICTIM = "victim@octets.test";
    private static final String PASSWORD = "secret of the victim";
    private static final String FORGED = "FORGED-LINE";
    /** What would end a line of a log, colour it, or turn it round. */
    private static final List<String> EVIL = List.of("\r\n", "\r", "\n", "\u001b[31m", "\u001b]0;x\u0007", "\u0000", "\u0008\u0008", "\u007f", "\u009b31m",
            "\u202e", "\u2066", "\u2028", "\u0085", "${jndi:ldap://x}", "%n%s", "\ufeff");

    private final RunningPlatform platform;

    OctetThreatsTest(RunningPlatform platform) {
        this.platform = platform;
        platform.admin().domain("octets.test");
        platform.admin().account(VICTIM, PASSWORD);
    }

    @Test
    @DisplayName("S26 what a client says never makes a line, a colour or another direction in a log")
    void logInjection() throws Exception {
        Row row = new Row("S26", 1000);
        for (int i = 0; i < row.count(); i++) {
            String evil = utf8(row.oneOf(EVIL)) + "2026-01-01 00:00:00,000 INFO " + FORGED + i;
            String field = evil.replace(' ', '_');
            overSmtp(row, evil, field);
            overPop3(field);
            row.judged(true, "");
        }
        for (String log : new Logs(platform).texts()) {
            row.holds(log.lines().noneMatch(line -> line.startsWith("2026-01-01")), "a forged line is in a log");
            row.holds(log.codePoints().noneMatch(OctetThreatsTest::isHarmful), "a control character is in a log");
        }
        row.end();
    }

    private void overSmtp(Row row, String evil, String field) throws IOException {
        String recipient = row.random().nextBoolean() ? VICTIM : "nobody" + field + "@octets.test";
        List<String> lines = List.of("EHLO " + field, "EHLO client.test", "MAIL FROM:<\"" + field + "\"@client.test> SMTPUTF8", "MAIL FROM:<a@client.test>",
                "RCPT TO:<" + recipient + ">", "RCPT TO:<" + VICTIM + ">", "VRFY " + evil, "AUTH " + field, evil);
        try (Wire wire = Wire.to(platform.smtpPort())) {
            expect("220", wire.reply());
            for (String line : lines) {
                wire.ask(line);
            }
            wire.ask("DATA");
            wire.send("Subject: " + evil.replaceAll("[\r\n]", "") + "\r\nMessage-ID: <" + field.replaceAll("[\r\n]", "") + ">\r\n\r\nx\r\n.\r\nQUIT\r\n").replies();
        }
    }

    private void overPop3(String field) throws IOException {
        try (Wire wire = Wire.to(platform.pop3Port())) {
            expect("+OK", wire.reply());
            wire.send("USER " + field + "\r\nTOP " + field + "\r\nQUIT\r\n").replies();
        }
    }

    private static boolean isHarmful(int c) {
        boolean control = Character.isISOControl(c) && c != '\n' && c != '\t';
        return control || Character.getType(c) == Character.FORMAT || c == 0x2028 || c == 0x2029;
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    @DisplayName("S27 octets stay octets from DATA and BDAT to RETR, and bad text blocks nothing")
    void octetsStayOctets() throws Exception {
        Row row = new Row("S27", 200);
        Map<String, String> sent = new LinkedHashMap<>();
        for (int i = 0; i < row.count(); i++) {
            // A lone surrogate and overlong UTF-8 in a field, and every octet in the body.
            String text = "Subject: \u00ed\u00a0\u0080 \u00c0\u00af " + i + "\r\n\r\n" + body(row.random());
            sent.put(i % 2 == 0 ? data(text) : chunks(text, row.random()), text);
        }
        Maildrop maildrop = new Maildrop(platform, VICTIM, PASSWORD);
        for (Map.Entry<String, String> mail : sent.entrySet()) {
            String stored = maildrop.await(mail.getKey());
            String subject = mail.getValue().substring(0, mail.getValue().indexOf("\r\n\r\n"));
            String body = mail.getValue().substring(subject.length());
            row.judged(stored.contains(subject) && stored.endsWith(body), "mail " + mail.getKey() + " is not what was sent");
        }
        row.end();
    }

    /** Every octet at least once; CR and LF as line ends only. */
    private static String body(Random random) {
        StringBuilder body = new StringBuilder();
        for (int octet = 0; octet < 256; octet++) {
            body.append(octet == '\r' || octet == '\n' ? "\r\n" : String.valueOf((char) octet));
        }
        for (int n = 0; n < 20_000; n++) {
            char octet = (char) random.nextInt(256);
            body.append(n % 500 == 0 ? "\r\n" : octet == '\r' || octet == '\n' ? "." : String.valueOf(octet));
        }
        return body.append("\r\n.\r\n..\r\n").toString();
    }

    private String data(String text) throws IOException {
        try (Wire wire = Wire.greeted(platform.smtpPort())) {
            wire.startMail("octets@client.test", VICTIM);
            return SmtpClient.accepted(wire.send(text.replace("\r\n.", "\r\n..")).ask("."));
        }
    }

    private String chunks(String text, Random random) throws IOException {
        try (Wire wire = Wire.greeted(platform.smtpPort())) {
            expect("250", wire.ask("MAIL FROM:<octets@client.test>"));
            expect("250", wire.ask("RCPT TO:<" + VICTIM + ">"));
            int cut = random.nextInt(text.length());
            expect("250", wire.send("BDAT " + cut + "\r\n" + text.substring(0, cut)).reply());
            return SmtpClient.accepted(wire.send("BDAT " + (text.length() - cut) + " LAST\r\n" + text.substring(cut)).reply());
        }
    }
}
