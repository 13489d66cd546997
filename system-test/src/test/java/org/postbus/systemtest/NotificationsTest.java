package org.postbus.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Delivery status notifications as the client asks for them (RFC 3461), through the whole platform. */
@ExtendWith(SharedPlatform.class)
class NotificationsTest {

    private static final String PASSWORD = "a secret of all";
    private static final String LARGE = "0123456789012345678901234567890123456789\r\n".repeat(100);

    private final RunningPlatform platform;

    NotificationsTest(RunningPlatform platform) {
        this.platform = platform;
        platform.admin().domain("notify.test");
        platform.admin().account("anna@notify.test", PASSWORD);
        platform.admin().account("ben@notify.test", PASSWORD);
        platform.admin().account("small@notify.test", PASSWORD, OptionalLong.of(1000));
        platform.admin().alias("sales@notify.test", List.of("anna@notify.test"));
    }

    @Test
    void aSuccessIsToldToWhoAskedForIt() throws Exception {
        send("ben@notify.test", "ENVID=success+2B1", "hi\r\n", "sales@notify.test> NOTIFY=SUCCESS ORCPT=rfc822;Sales+40notify.test",
                "ben@notify.test>");
        String report = maildrop("ben").awaitContaining("Original-Envelope-Id: success+1");
        assertTrue(report.startsWith("Return-Path: <>\r\n"), report);
        assertTrue(report.contains("\r\nOriginal-Recipient: rfc822; Sales@notify.test\r\n"
                + "Final-Recipient: rfc822; anna@notify.test\r\nAction: delivered\r\nStatus: 2.0.0\r\n"), report);
        assertFalse(report.contains("Action: failed") || report.contains("Final-Recipient: rfc822; ben@"), report);
    }

    @Test
    void aFailureReturnsTheWholeMailWhereAskedTo() throws Exception {
        send("ben@notify.test", "RET=FULL ENVID=whole", LARGE, "small@notify.test>");
        String report = maildrop("ben").awaitContaining("Original-Envelope-Id: whole");
        assertTrue(report.contains("\r\nContent-Type: message/rfc822\r\n") && report.contains(LARGE), report);
    }

    @Test
    void whoWantsToHearNothingHearsNothing() throws Exception {
        String silent = send("ben@notify.test", "ENVID=silent", LARGE, "small@notify.test> NOTIFY=NEVER");
        String onlySuccess = send("ben@notify.test", "ENVID=only-success", LARGE, "small@notify.test> NOTIFY=SUCCESS");
        for (String mailId : List.of(silent, onlySuccess)) {
            Await.answer("that nobody is told is told", Duration.ofSeconds(60), () -> Optional.of(
                    platform.admin().send("GET", "/api/v1/mails/" + mailId, "").body()).filter(trail -> trail.contains("asked for none")));
        }
        try (Pop3Client pop3 = platform.pop3().logIn("ben@notify.test", PASSWORD)) {
            for (int number : pop3.uidl().values()) {
                String text = pop3.retrieve(number);
                assertFalse(text.contains("silent") || text.contains("only-success"), text);
            }
        }
    }

    @Test
    void whatClaimsToBeOurJudgementIsRemoved() throws Exception {
        String hostname;
        try (SmtpClient smtp = platform.smtp()) {
            hostname = smtp.command("HELO client.test").substring(4);
        }
        String forged = "Authentication-Results: " + hostname + "; dkim=pass\r\nAuthentication-Results: other.test; dkim=pass\r\n";
        String mailId = send("", "", forged + "\r\nhi\r\n", "anna@notify.test>");
        String stored = maildrop("anna").await(mailId);
        assertEquals(1, stored.split("Authentication-Results:", -1).length - 1, stored);
        assertTrue(stored.contains("\r\nAuthentication-Results: other.test; dkim=pass\r\n"), stored);
    }

    private String send(String reversePath, String parameters, String text, String... recipients) throws IOException {
        try (SmtpClient smtp = platform.smtp()) {
            SmtpClient.require("250", smtp.command("MAIL FROM:<" + reversePath + "> " + parameters));
            for (String recipient : recipients) {
                SmtpClient.require("250", smtp.command("RCPT TO:<" + recipient));
            }
            SmtpClient.require("354", smtp.command("DATA"));
            smtp.write(text);
            return SmtpClient.accepted(smtp.command("."));
        }
    }

    private Maildrop maildrop(String name) {
        return new Maildrop(platform, name + "@notify.test", PASSWORD);
    }
}
