package org.postbus.systemtest.threats;

import static org.postbus.systemtest.threats.Wire.expect;

import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SharedPlatform;

/** S3, S4: what comes before TLS, and how TLS ends. What the gateway alone does of it is in its own SecureSessionTest. */
@ExtendWith({SharedPlatform.class, ThreatReport.class})
class TlsThreatsTest {

    private static final String VICTIM = "victim@tls-threats.test";
    private static final String INJECTED = "EHLO injected\r\nMAIL FROM:<injected@attacker.test>\r\nRCPT TO:<" + VICTIM + ">\r\nDATA\r\nx\r\n.\r\n";

    private final RunningPlatform platform;

    TlsThreatsTest(RunningPlatform platform) {
        this.platform = platform;
        platform.admin().domain("tls-threats.test");
        platform.admin().account(VICTIM, "secret of the victim");
    }

    @Test
    @DisplayName("S3 nothing that was said in clear text counts under TLS")
    void startTlsInjection() throws Exception {
        Row row = new Row("S3", 1000);
        for (int i = 0; i < row.count(); i++) {
            int port = row.random().nextBoolean() ? platform.smtpPort() : platform.submissionPort();
            try (Wire wire = Wire.greeted(port)) {
                switch (i % 6) {
                    case 0 -> inOneWrite(row, wire);
                    case 1 -> insteadOfTheHandshake(row, wire);
                    case 2 -> inFrontOfTheHandshake(row, wire);
                    case 3 -> row.answered("STARTTLS x", wire.ask("STARTTLS x"), "501 ");
                    case 4 -> inATransaction(row, wire);
                    default -> forgets(row, wire);
                }
            }
        }
        stls(row);
        row.holds(new EventLog(platform).accepted(mail -> mail.reversePath().startsWith("injected@")).isEmpty(), "an injected mail");
        row.end();
    }

    private static void inOneWrite(Row row, Wire wire) throws IOException {
        var replies = wire.send("STARTTLS\r\n" + INJECTED).replies();
        row.judged(replies.size() == 1 && replies.getFirst().startsWith("554 "), "in one write: " + replies);
    }

    private static void insteadOfTheHandshake(Row row, Wire wire) throws IOException {
        expect("220", wire.ask("STARTTLS"));
        wire.sendCut(INJECTED, row.random());
        String heard = wire.heard();
        row.judged(!heard.contains("250"), "instead of a handshake: " + heard);
    }

    private static void inFrontOfTheHandshake(Row row, Wire wire) throws IOException {
        expect("220", wire.ask("STARTTLS"));
        wire.send("EHLO injected\r\n");
        try {
            row.answered("in front of the handshake", wire.handshake().reply(), "no handshake");
        } catch (IOException refused) {
            row.judged(true, "");
        }
    }

    private static void inATransaction(Row row, Wire wire) throws IOException {
        // On the submission port there is none without a login.
        boolean open = wire.ask("MAIL FROM:<a@client.test>").startsWith("250");
        row.answered("STARTTLS in a transaction", wire.ask("STARTTLS"), open ? "503 " : "220 ");
    }

    private static void forgets(Row row, Wire wire) throws IOException {
        expect("220", wire.ask("STARTTLS"));
        wire.handshake();
        row.answered("MAIL without a greeting under TLS", wire.ask("MAIL FROM:<injected@attacker.test>"), "503 ");
        expect("250", wire.ask("EHLO client.test"));
        row.holds(wire.ask("STARTTLS").startsWith("503 "), "a second STARTTLS");
    }

    /** What stands behind STLS in the same read is dropped; what comes later in clear text is the end. */
    private void stls(Row row) throws IOException {
        for (boolean together : new boolean[] {true, false}) {
            try (Wire pop3 = Wire.to(platform.pop3Port())) {
                expect("+OK", pop3.reply());
                expect("+OK", pop3.send("STLS\r\n" + (together ? "USER injected\r\n" : "")).reply());
                if (together) {
                    row.answered("a name behind STLS", pop3.handshake().send("PASS secret\r\n").reply(), "-ERR USER comes first");
                } else {
                    row.judged(!pop3.send("USER injected\r\n").heard().contains("+OK"), "in clear text where the handshake should be");
                }
            }
        }
    }

    @Test
    @DisplayName("S4 the end of TLS is the end of the session: a mail that breaks off is no mail")
    void endOfTlsInMailData() throws Exception {
        Row row = new Row("S4", 400);
        String data = "Subject: cut\r\n\r\n" + "text\r\n".repeat(300) + ".\r\n";
        for (int i = 0; i < row.count(); i++) {
            try (Wire wire = Wire.greeted(platform.smtpPort())) {
                expect("220", wire.ask("STARTTLS"));
                wire.handshake();
                expect("250", wire.ask("EHLO client.test"));
                int cut = row.random().nextInt(data.length() - 1);
                boolean chunk = i % 2 == 0;
                if (chunk) {
                    expect("250", wire.ask("MAIL FROM:<cut@attacker.test>"));
                    expect("250", wire.ask("RCPT TO:<" + VICTIM + ">"));
                    wire.send("BDAT " + data.length() + " LAST\r\n");
                } else {
                    wire.startMail("cut@attacker.test", VICTIM);
                }
                wire.send(data.substring(0, cut));
                wire.closeNotify();
                row.answered((chunk ? "BDAT" : "DATA") + " cut at " + cut, wire.reply() + "closed", "closed");
            }
        }
        row.holds(new EventLog(platform).accepted(mail -> mail.reversePath().startsWith("cut@")).isEmpty(), "a mail that broke off");
        row.end();
    }
}
