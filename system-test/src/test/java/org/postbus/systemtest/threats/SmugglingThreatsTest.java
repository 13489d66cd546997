package org.postbus.systemtest.threats;

import static org.postbus.systemtest.threats.Wire.expect;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.Pop3Client;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SharedPlatform;

/** S1, S13: text that another server could take for commands. */
@ExtendWith({SharedPlatform.class, ThreatReport.class})
class SmugglingThreatsTest {

    private static final String VICTIM = "victim@smuggling.test";
    private static final String PASSWORD = "secret of the victim";
    private static final String SMUGGLER = "smuggler@attacker.test";
    private static final List<String> ENDINGS = List.of("\n.\n", "\r.\r", "\r.\n", "\n.\r", "\n.\r\n", "\r\n.\n", "\r.\r\n", "\r\n.\r",
            "\r\n\0.\r\n", "\r\n.\0\r\n", "\r\n.\r\r\n");
    private static final String SECOND = "MAIL FROM:<" + SMUGGLER + ">\r\nRCPT TO:<" + VICTIM + ">\r\nDATA\r\nsecond\r\n.\r\n";
    private static final List<String> HTTP = List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PRI");

    private final RunningPlatform platform;

    SmugglingThreatsTest(RunningPlatform platform) {
        this.platform = platform;
        platform.admin().domain("smuggling.test");
        platform.admin().account(VICTIM, PASSWORD);
    }

    @Test
    @DisplayName("S1 only CRLF.CRLF ends mail data: no second mail, whatever the ending and its split")
    void smuggling() throws Exception {
        Row row = new Row("S1", ENDINGS.size() * 120);
        int accepted = 0;
        for (int i = 0; i < row.count(); i++) {
            String ending = ENDINGS.get(i % ENDINGS.size());
            String text = "first" + ending + SECOND;
            int split = Extent.LONG ? i / ENDINGS.size() % text.length() : row.random().nextInt(text.length());
            List<String> replies = replies(text, split);
            // A NUL is text: then all of it is one mail, to the real end.
            String right = ending.contains("\0") ? "[250 2.0.0" : "[550 5.6.0";
            row.judged(replies.toString().startsWith(right) && replies.size() == (ending.contains("\0") ? 2 : 1),
                    text + " cut at " + split + " was answered " + replies);
            accepted += ending.contains("\0") ? 1 : 0;
        }
        int expected = accepted;
        row.holds(messages(expected) == expected, "not exactly " + expected + " mails");
        EventLog log = new EventLog(platform);
        row.holds(log.accepted(mail -> mail.reversePath().equals(SMUGGLER)).isEmpty(), "a smuggled mail in mail.accepted");
        row.holds(log.accepted(mail -> mail.forwardPaths().contains(VICTIM)).size() == expected, "other mails in mail.accepted");
        row.end();
    }

    private List<String> replies(String text, int split) throws IOException {
        try (Wire wire = Wire.greeted(platform.smtpPort())) {
            wire.startMail("first@client.test", VICTIM);
            wire.send(text.substring(0, split)).send(text.substring(split) + "QUIT\r\n");
            return wire.replies();
        }
    }

    /** How many there are, once there are that many. */
    private int messages(int atLeast) throws Exception {
        return Await.answer(atLeast + " mails", Duration.ofSeconds(60), () -> {
            try (Pop3Client pop3 = platform.pop3().logIn(VICTIM, PASSWORD)) {
                int count = Integer.parseInt(pop3.command("STAT").split(" ")[1]);
                pop3.command("QUIT");
                return count >= atLeast ? Optional.of(count) : Optional.empty();
            }
        });
    }

    @Test
    @DisplayName("S13 a browser that was led to the port gets 521, and its body is no SMTP")
    void http() throws Exception {
        Row row = new Row("S13", 500);
        for (int i = 0; i < row.count(); i++) {
            String body = "EHLO x\r\nMAIL FROM:<http@attacker.test>\r\nRCPT TO:<" + VICTIM + ">\r\nDATA\r\nx\r\n.\r\nQUIT\r\n";
            String request = row.oneOf(HTTP) + " / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            int port = row.random().nextBoolean() ? platform.smtpPort() : platform.submissionPort();
            try (Wire wire = Wire.to(port)) {
                expect("220", wire.reply());
                List<String> replies = wire.sendCut(request, row.random()).replies();
                row.judged(replies.size() == 1 && replies.getFirst().startsWith("521 "), request + " was answered " + replies);
            }
        }
        row.holds(new EventLog(platform).accepted(mail -> mail.reversePath().startsWith("http@")).isEmpty(), "a mail by HTTP");
        row.end();
    }
}
