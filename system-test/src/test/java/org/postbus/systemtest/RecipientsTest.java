package org.postbus.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who gets a mail, and who hears of it where it cannot be filed. */
@ExtendWith(SharedPlatform.class)
class RecipientsTest {

    private static final String PASSWORD = "a secret of all";

    private final RunningPlatform platform;

    RecipientsTest(RunningPlatform platform) {
        this.platform = platform;
        platform.admin().domain("recipients.test");
        platform.admin().account("anna@recipients.test", PASSWORD);
        platform.admin().account("ben@recipients.test", PASSWORD);
    }

    @Test
    void anAliasOfAnAliasLeadsToItsAccounts() throws Exception {
        platform.admin().alias("inner@recipients.test", List.of("ben@recipients.test"));
        platform.admin().alias("outer@recipients.test", List.of("inner@recipients.test", "anna@recipients.test"));
        String mailId = send("outer@recipients.test");
        maildrop("anna").await(mailId);
        maildrop("ben").await(mailId);
    }

    @Test
    void aTagLeadsToTheAccountWithoutIt() throws Exception {
        maildrop("anna").await(send("anna+lists@recipients.test"));
    }

    @Test
    void theCatchAllGetsWhatNobodyElseGets() throws Exception {
        platform.admin().domain("catchall.test");
        platform.admin().account("anna@catchall.test", PASSWORD);
        platform.admin().alias("@catchall.test", List.of("anna@catchall.test"));
        String mailId = send("no.such.person@catchall.test");
        new Maildrop(platform, "anna@catchall.test", PASSWORD).await(mailId);
    }

    @Test
    void unknownAndForeignRecipientsAreRefused() throws Exception {
        try (SmtpClient smtp = platform.smtp()) {
            SmtpClient.require("250", smtp.command("MAIL FROM:<>"));
            SmtpClient.require("550 5.1.1", smtp.command("RCPT TO:<nobody@recipients.test>"));
            SmtpClient.require("550 5.7.1", smtp.command("RCPT TO:<somebody@elsewhere.example>"));
        }
    }

    @Test
    void overQuotaTheReversePathGetsOneReportAndTheOthersGetTheMail() throws Exception {
        platform.admin().account("small@recipients.test", PASSWORD, OptionalLong.of(1000));
        String mailId;
        try (SmtpClient smtp = platform.smtp()) {
            mailId = smtp.mail("ben@recipients.test", List.of("small@recipients.test", "anna@recipients.test"),
                    "Subject: too much for some\r\n\r\n" + "0123456789012345678901234567890123456789\r\n".repeat(100));
        }
        maildrop("anna").await(mailId);
        String report = maildrop("ben").awaitContaining("small@recipients.test");
        assertTrue(report.startsWith("Return-Path: <>\r\n"), report);
        assertTrue(report.contains("Content-Type: multipart/report"), report);
        assertTrue(report.contains("Action: failed") && report.contains("Status: 5.2.2"), report);
        try (Pop3Client pop3 = platform.pop3().logIn("small@recipients.test", PASSWORD)) {
            assertEquals(0, pop3.uidl().size());
        }
    }

    @Test
    void aNewAccountOfADeletedAddressIsEmpty() throws Exception {
        platform.admin().account("again@recipients.test", PASSWORD);
        Maildrop again = maildrop("again");
        again.await(send("again@recipients.test"));
        assertEquals(204, platform.admin().send("DELETE", "/api/v1/accounts/again@recipients.test", "").statusCode());
        platform.admin().account("again@recipients.test", PASSWORD);
        try (Pop3Client pop3 = platform.pop3().logIn("again@recipients.test", PASSWORD)) {
            assertEquals(0, pop3.uidl().size());
        }
        again.await(send("again@recipients.test"));
    }

    private String send(String forwardPath) throws Exception {
        try (SmtpClient smtp = platform.smtp()) {
            return smtp.mail("", List.of(forwardPath), "Subject: for " + forwardPath + "\r\n\r\nhi\r\n");
        }
    }

    private Maildrop maildrop(String name) {
        return new Maildrop(platform, name + "@recipients.test", PASSWORD);
    }
}
