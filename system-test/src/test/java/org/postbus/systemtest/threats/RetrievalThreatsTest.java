package org.postbus.systemtest.threats;

import static org.postbus.systemtest.threats.Wire.expect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.systemtest.Pop3Client;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SharedPlatform;
import org.postbus.systemtest.SmtpClient;

/** P5, P6: messages that look like their own end, and numbers that are none. */
@ExtendWith({SharedPlatform.class, ThreatReport.class})
class RetrievalThreatsTest {

    /** Of filed content: how it is stored, and how it is read. */
    private static final List<Integer> EDGES = List.of(8_000, 16 * 1024, 256 * 1024);
    private static final int DOTS = 300_000;
    private static final List<String> BODIES = List.of("", "\r\n", ".", ".\r\n", "..", "..\r\n", ".x", ".x\r\n", "x", "x\r\n.", "x\r\n.\r\n", "x\r\n..\r\n",
            "\r\n.\r\n\r\n.\r\n", "a\r\n.\r\nQUIT\r\n", "x".repeat(998) + "\r\n.\r\n", "x\r\n.\r\n.");
    private static final List<String> BAD_NUMBERS = List.of("0", "00", "3", "2147483647", "2147483648", "4294967295", "4294967296", "4294967297",
            "9223372036854775807", "9223372036854775808", "18446744073709551617", "9".repeat(200), "-1", "+1", "-0", "01x", "1x", "x1", "1.0", "1e0",
            "0x1", "1,2", "1-2", "1;2", "*", "$", " 1", "\u00b9", "\u00d9\u00a1", "\u00ef\u00bc\u0091", "1\u00c2\u00a0", "%31", "one", "");

    private final RunningPlatform platform;

    RetrievalThreatsTest(RunningPlatform platform) {
        this.platform = platform;
    }

    @Test
    @DisplayName("P5 whatever the body, RETR and TOP send it whole, and as many octets as LIST and STAT say")
    void framing() throws Exception {
        Row row = new Row("P5", 200);
        MaildropReader victim = new MaildropReader(platform, "victim@framing.test");
        List<String> bodies = new ArrayList<>(BODIES);
        // Three octets a line, so that each edge between pieces falls on each octet of one.
        bodies.add(".\r\n".repeat(DOTS));
        while (bodies.size() < row.count()) {
            bodies.add(random(row.random()));
        }
        for (String body : bodies) {
            String mailId = chunk(victim, "Subject: framing\r\n\r\n" + body);
            victim.await(mailId);
            try (Pop3Client pop3 = victim.open()) {
                String text = pop3.retrieve(1);
                String told = body.length() > 40 ? body.length() + " octets of body" : "the body " + body;
                row.judged(text.endsWith("\r\n\r\n" + body) || text.endsWith("\r\n\r\n" + body + "\r\n"), told + " came as " + tail(text));
                row.holds(pop3.command("STAT").equals("+OK 1 " + text.length()), told + ": STAT is not what came");
                for (int lines : List.of(0, 1, 2, 7, Integer.MAX_VALUE)) {
                    row.judged(top(pop3, lines).equals(firstLines(text, lines)), told + ": TOP 1 " + lines);
                }
                pop3.command("DELE 1");
                pop3.command("QUIT");
            }
        }
        row.end();
    }

    /** Dots and line ends in no order, about an edge. */
    private static String random(Random random) {
        int length = EDGES.get(random.nextInt(EDGES.size())) + random.nextInt(1_000) - 900;
        StringBuilder body = new StringBuilder();
        while (body.length() < length) {
            body.append(switch (random.nextInt(4)) {
                case 0 -> "\r\n";
                case 1 -> "\r\n.";
                case 2 -> ".";
                default -> "x".repeat(random.nextInt(60));
            });
        }
        return body.append(random.nextBoolean() ? "\r\n." : "").toString();
    }

    /** By BDAT, which asks for no line end at the end. */
    private String chunk(MaildropReader victim, String text) throws IOException {
        try (Wire wire = Wire.greeted(platform.smtpPort())) {
            expect("250", wire.ask("MAIL FROM:<a@client.test>"));
            expect("250", wire.ask("RCPT TO:<" + victim.address() + ">"));
            return SmtpClient.accepted(wire.send("BDAT " + text.length() + " LAST\r\n" + text).reply());
        }
    }

    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - 40)).replace("\r\n", "\\r\\n");
    }

    /** Without the stuffing. */
    private static String top(Pop3Client pop3, int lines) throws IOException {
        pop3.command("TOP 1 " + lines);
        StringBuilder text = new StringBuilder();
        for (String line = pop3.line(); !line.equals("."); line = pop3.line()) {
            text.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        }
        return text.toString();
    }

    /** The header section, its empty line, and so many lines of the body. */
    private static String firstLines(String text, int lines) {
        int end = text.indexOf("\r\n\r\n") + 4;
        for (int n = 0; n < lines && end < text.length(); n++) {
            end = text.indexOf("\r\n", end) + 2;
        }
        return text.substring(0, end);
    }

    @Test
    @DisplayName("P6 a number is decimal digits and means a message: else -ERR, and the session goes on")
    void numbers() throws Exception {
        Row row = new Row("P6", 2000);
        MaildropReader victim = new MaildropReader(platform, "victim@numbers.test");
        victim.fill(2);
        List<String> commands = new ArrayList<>();
        for (String number : BAD_NUMBERS) {
            commands.addAll(List.of("RETR " + number, "DELE " + number, "TOP " + number + " 0", "TOP 1 " + number));
            if (!number.isEmpty()) {
                commands.addAll(List.of("LIST " + number, "UIDL " + number));
            }
        }
        // As a count of lines these are right.
        commands.removeAll(List.of("TOP 1 0", "TOP 1 00", "TOP 1 3", "TOP 1 2147483647"));
        commands.addAll(List.of("RETR", "DELE", "TOP", "TOP 1", "TOP 1  2", "TOP  1 2", "RETR 1 2", "DELE 1 2", "LIST 1 2", "UIDL 1 2", "TOP 1 2 3"));
        // All of them, also in the short form.
        for (int i = 0; i < Math.max(row.count(), commands.size()); i += 15) {
            try (Pop3Client pop3 = victim.open()) {
                for (int n = i; n < i + 15; n++) {
                    String command = commands.get(n % commands.size());
                    pop3.send(command);
                    row.answered(command, pop3.line(), "-ERR");
                    row.holds(pop3.command("NOOP").startsWith("+OK"), "the session goes on behind " + command);
                }
                row.holds(pop3.command("STAT").startsWith("+OK 2 "), "a message was deleted");
                pop3.command("QUIT");
            }
        }
        leadingZeros(row, victim);
        row.end();
    }

    /** A number of more digits than it needs is that number (RFC 1939 knows no other reading). */
    private static void leadingZeros(Row row, MaildropReader victim) throws Exception {
        try (Pop3Client pop3 = victim.open()) {
            for (String number : List.of("01", "002", "0000000000000000002", "1 ")) {
                String plain = String.valueOf(Integer.parseInt(number.strip()));
                row.judged(pop3.command("LIST " + number).equals(pop3.command("LIST " + plain)), "LIST " + number);
            }
            row.holds(top(pop3, 1).equals(firstLines(pop3.retrieve(1), 1)), "TOP 1 1");
            pop3.command("QUIT");
        }
    }

    @Test
    @DisplayName("P6 keywords and the end of a command are ASCII: what only becomes QUIT in capitals is not QUIT")
    void lookalikes() throws Exception {
        Row row = new Row("P6 lookalikes", 6);
        MaildropReader victim = new MaildropReader(platform, "victim@lookalikes.test");
        victim.fill(1);
        try (Pop3Client pop3 = victim.open()) {
            // U+0131 and U+017F count as I and S where case is ignored; U+2003 is white space to Java.
            for (String command : List.of("L\u00c4\u00b1ST 1", "U\u00c4\u00b1DL 1", "\u00c5\u00bfTAT", "R\u00c5\u00bfET", "DELE 1\u00e2\u0080\u0083",
                    "QU\u00c4\u00b1T")) {
                pop3.send(command);
                row.answered(command, pop3.line(), "-ERR");
            }
        }
        row.end();
    }
}
