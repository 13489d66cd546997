package org.postbus.systemtest.threats;

import static org.postbus.systemtest.threats.StrictPlatform.MAX_MESSAGE_OCTETS;
import static org.postbus.systemtest.threats.Wire.expect;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.systemtest.RunningPlatform;

/** S6, S8: mail data that is not as large as it says, or larger than it may be. */
@ExtendWith({StrictPlatform.class, ThreatReport.class})
class SizeThreatsTest {

    private static final String VICTIM = "victim@size.test";
    private static final int EXCESS = 1024 * 1024;
    private static final List<String> BAD_CHUNKS = List.of("BDAT -1", "BDAT +5", "BDAT", "BDAT ", "BDAT x", "BDAT 1x", "BDAT 0x5", "BDAT 5 LAST x",
            "BDAT 5 LASTX", "BDAT 123456789012345678901", "BDAT 9223372036854775808", "BDAT 99999999999999999999 LAST", "BDAT 9223372036854775807");
    private static final String COMMANDS = "RSET\r\nQUIT\r\nMAIL FROM:<chunk@attacker.test>\r\n";

    private final RunningPlatform platform;

    SizeThreatsTest(RunningPlatform platform) {
        this.platform = platform;
        platform.admin().domain("size.test");
        platform.admin().account(VICTIM, "secret of the victim");
    }

    @Test
    @DisplayName("S6 a chunk is as long as it says, also where it is refused, and its octets are never commands")
    void chunks() throws Exception {
        Row row = new Row("S6", 500);
        for (int i = 0; i < row.count(); i++) {
            try (Wire wire = Wire.greeted(platform.smtpPort())) {
                switch (i % 5) {
                    case 0 -> badSize(row, wire, BAD_CHUNKS.get(i / 5 % BAD_CHUNKS.size()));
                    case 1 -> refused(row, wire, "BDAT without MAIL", "503 ");
                    case 2 -> {
                        expect("250", wire.ask("MAIL FROM:<a@client.test>"));
                        row.holds(wire.ask("RCPT TO:<nobody@size.test>").startsWith("550 "), "an unknown recipient");
                        refused(row, wire, "BDAT behind refused recipients", "554 ");
                    }
                    case 3 -> mixed(row, wire);
                    default -> cumulative(row, wire);
                }
            }
        }
        row.end();
    }

    private static void badSize(Row row, Wire wire, String command) throws IOException {
        expect("250", wire.ask("MAIL FROM:<a@client.test>"));
        expect("250", wire.ask("RCPT TO:<" + VICTIM + ">"));
        List<String> replies = wire.sendCut(command + "\r\n" + COMMANDS, row.random()).replies();
        row.judged(replies.size() == 1 && replies.getFirst().matches("5[05][12] .*"), command + ": " + replies);
    }

    private static void refused(Row row, Wire wire, String what, String right) throws IOException {
        String last = row.random().nextBoolean() ? " LAST" : "";
        wire.sendCut("BDAT " + COMMANDS.length() + last + "\r\n" + COMMANDS + "NOOP\r\n", row.random());
        row.answered(what, wire.reply(), right);
        row.holds(wire.reply().startsWith("250 2.0.0 Ok"), what + ": not exactly the octets of the chunk were taken");
    }

    private static void mixed(Row row, Wire wire) throws IOException {
        expect("250", wire.ask("MAIL FROM:<a@client.test>"));
        expect("250", wire.ask("RCPT TO:<" + VICTIM + ">"));
        expect("250", wire.send("BDAT 4\r\n").ask("ab"));
        row.answered("DATA between chunks", wire.ask("DATA"), "503 ");
        row.holds(wire.ask("MAIL FROM:<b@client.test>").startsWith("503 "), "MAIL between chunks");
        row.holds(wire.ask("RCPT TO:<" + VICTIM + ">").startsWith("503 "), "RCPT between chunks");
        row.holds(wire.ask("BDAT 0 LAST").startsWith("250 "), "the chunks are not kept");
    }

    private static void cumulative(Row row, Wire wire) throws IOException {
        expect("250", wire.ask("MAIL FROM:<a@client.test>"));
        expect("250", wire.ask("RCPT TO:<" + VICTIM + ">"));
        byte[] chunk = lines(MAX_MESSAGE_OCTETS / 2);
        for (int n = 0; n < 2; n++) {
            expect("250", wire.send("BDAT " + chunk.length + "\r\n").send(chunk).reply());
        }
        row.answered("one octet over the sum", wire.send("BDAT 1 LAST\r\nx").reply(), "552 5.3.4");
        row.holds(wire.ask("NOOP").startsWith("250 "), "the session went on");
    }

    @Test
    @DisplayName("S8 too large is refused, in advance where it is announced, at its real end where not, and not for ever")
    void oversizedData() throws Exception {
        Row row = new Row("S8", 100);
        for (int i = 0; i < row.count(); i++) {
            try (Wire wire = Wire.greeted(platform.smtpPort())) {
                int difference = 1 + row.random().nextInt(1000);
                switch (i % 6) {
                    case 0 -> row.answered("SIZE too large", wire.ask("MAIL FROM:<a@client.test> SIZE=" + (MAX_MESSAGE_OCTETS + difference)), "552 5.3.4");
                    case 1 -> row.answered("SIZE of 20 digits", wire.ask("MAIL FROM:<a@client.test> SIZE=18446744073709551616"), "552 5.3.4");
                    case 2 -> row.answered("a mail of the limit", mail(wire, lines(MAX_MESSAGE_OCTETS - i % 2)), "250 ");
                    case 3 -> {
                        row.answered("larger by " + difference, mail(wire, lines(MAX_MESSAGE_OCTETS + difference)), "552 5.3.4");
                        row.holds(wire.ask("NOOP").startsWith("250 "), "the session went on");
                    }
                    case 4 -> pastExcess(row, wire);
                    default -> giantLine(row, wire);
                }
            }
        }
        row.end();
    }

    /** Its end is waited for as long as that costs little; then the connection closes. */
    private static void pastExcess(Row row, Wire wire) throws IOException {
        expect("250", wire.ask("MAIL FROM:<a@client.test> SIZE=10"));
        expect("250", wire.ask("RCPT TO:<" + VICTIM + ">"));
        expect("354", wire.ask("DATA"));
        wire.send(lines(MAX_MESSAGE_OCTETS + EXCESS + 1024));
        List<String> replies = wire.replies();
        row.judged(replies.size() == 1 && replies.getFirst().startsWith("552 5.3.4"), "no end of data: " + replies);
    }

    private static void giantLine(Row row, Wire wire) throws IOException {
        wire.startMail("a@client.test", VICTIM);
        int length = 9_000 + row.random().nextInt(100_000);
        row.answered("a line of " + length, wire.send("x".repeat(length)).send("\r\n").ask("."), "554 5.6.0");
        row.holds(wire.ask("NOOP").startsWith("250 "), "the session went on");
    }

    private static String mail(Wire wire, byte[] data) throws IOException {
        wire.startMail("a@client.test", VICTIM);
        return wire.send(data).ask(".");
    }

    /** So many octets of lines, the line end of the last one among them. */
    private static byte[] lines(int octets) {
        StringBuilder lines = new StringBuilder("Subject: large\r\n\r\n");
        while (lines.length() + 200 < octets) {
            lines.append("x".repeat(98)).append("\r\n");
        }
        return lines.append("x".repeat(octets - lines.length() - 2)).append("\r\n").toString().getBytes();
    }
}
