package org.postbus.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What lies in the maildrop after a session like those of the lecture (RFC 5321, section 4.4). */
@ExtendWith(SharedPlatform.class)
class StoredMailTest {

    private final RunningPlatform platform;

    StoredMailTest(RunningPlatform platform) {
        this.platform = platform;
        platform.admin().domain("stored.test");
        for (String name : List.of("user08", "user09", "user10")) {
            platform.admin().account(name + "@stored.test", "secret of " + name);
        }
    }

    @Test
    void aBodyWithoutAHeaderGetsOne() throws Exception {
        String stored = sendAndRead("hi\r\n");
        assertHasTrace(stored);
        assertField(stored, "Date");
        assertField(stored, "From");
        assertField(stored, "Message-ID");
        assertTrue(stored.endsWith("\r\n\r\nhi\r\n"), stored);
    }

    @Test
    void aLineThatIsNoFieldEndsTheHeader() throws Exception {
        String stored = sendAndRead("Subject: foo\r\nhi again\r\n");
        assertHasTrace(stored);
        assertField(stored, "Subject");
        assertTrue(stored.endsWith("\r\n\r\nhi again\r\n"), stored);
    }

    @Test
    void toCcAndBccAllGetItAndNoneSeesTheBccField() throws Exception {
        String mailId;
        try (SmtpClient smtp = platform.smtp()) {
            mailId = smtp.mail("parrt@jguru.com", List.of("user08@stored.test", "user09@stored.test", "user10@stored.test"),
                    "From: parrt@jguru.com\r\nTo: user08@stored.test\r\nCc: user09@stored.test\r\n"
                            + "Bcc: user10@stored.test\r\nSubject: three\r\n\r\nhi all\r\n");
        }
        for (String name : List.of("user08", "user09", "user10")) {
            String stored = maildrop(name).await(mailId);
            assertFalse(Pattern.compile("(?mi)^Bcc:").matcher(stored).find(), stored);
            assertTrue(stored.endsWith("\r\n\r\nhi all\r\n"), stored);
        }
    }

    @Test
    void twoForwardPathsToOneMaildropMakeOneCopy() throws Exception {
        platform.admin().alias("both@stored.test", List.of("user08@stored.test", "user09@stored.test"));
        String mailId;
        try (SmtpClient smtp = platform.smtp()) {
            mailId = smtp.mail("", List.of("both@stored.test", "user08+tag@stored.test", "USER08@stored.test"), "hi\r\n");
        }
        maildrop("user09").await(mailId);
        maildrop("user08").await(mailId);
        try (Pop3Client pop3 = platform.pop3().logIn("user08@stored.test", "secret of user08")) {
            assertEquals(1, pop3.uidl().keySet().stream().filter(mailId::equals).count());
        }
    }

    @Test
    void theTrailTellsEveryStep() throws Exception {
        String mailId;
        try (SmtpClient smtp = platform.smtp()) {
            mailId = smtp.mail("parrt@jguru.com", List.of("user10@stored.test"), "Subject: trail\r\n\r\nhi\r\n");
        }
        maildrop("user10").await(mailId);
        Await.answer("the whole trail", java.time.Duration.ofSeconds(30), () -> {
            // Nothing is known of the mail until its first step is recorded.
            String trail = platform.admin().send("GET", "/api/v1/mails/" + mailId, "").body();
            boolean whole = List.of("accepted", "routed", "delivered", "retrieved").stream().allMatch(trail::contains);
            return whole ? java.util.Optional.of(trail) : java.util.Optional.empty();
        });
    }

    private String sendAndRead(String text) throws Exception {
        try (SmtpClient smtp = platform.smtp()) {
            SmtpClient.require("250", smtp.command("HELO cs.usfca.edu"));
            return maildrop("user08").await(smtp.mail("parrt@jguru.com", List.of("user08@stored.test"), text));
        }
    }

    private Maildrop maildrop(String name) {
        return new Maildrop(platform, name + "@stored.test", "secret of " + name);
    }

    private static void assertHasTrace(String stored) {
        assertTrue(stored.startsWith("Return-Path: <parrt@jguru.com>\r\n"), stored);
        String received = stored.replaceAll("\r\n[ \t]+", " ").lines()
                .filter(line -> line.startsWith("Received:")).findFirst().orElse("");
        assertTrue(received.contains("from cs.usfca.edu") && received.contains("127.0.0.1"), stored);
        assertTrue(received.contains(" by ") && received.contains(" with SMTP") && received.contains(" id "), stored);
        assertTrue(received.contains("for <user08@stored.test>"), stored);
    }

    private static void assertField(String stored, String name) {
        String header = stored.substring(0, stored.indexOf("\r\n\r\n"));
        assertTrue(Pattern.compile("(?mi)^" + name + ":").matcher(header).find(), stored);
    }
}
