package org.postbus.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Mail that comes between sessions and inside one (RFC 1939, section 5: a session's listing is of its beginning). */
@ExtendWith(SharedPlatform.class)
class FreshMailTest {

    private static final String PASSWORD = "secret of the reader";
    private static final Duration FILED_WITHIN = Duration.ofSeconds(60);

    private final RunningPlatform platform;

    FreshMailTest(RunningPlatform platform) {
        this.platform = platform;
        platform.admin().domain("fresh.test");
    }

    @Test
    void whatIsFiledIsInTheNextListing() throws Exception {
        String account = account("next");
        List<String> filed = new ArrayList<>();
        for (int n = 1; n <= 8; n++) {
            filed.add(file(account));
            try (Pop3Client pop3 = platform.pop3().logIn(account, PASSWORD)) {
                assertEquals(filed, List.copyOf(pop3.uidl().keySet()));
                assertTrue(pop3.command("STAT").startsWith("+OK " + n + " "));
                pop3.retrieve(n);
                pop3.command("QUIT");
            }
        }
    }

    @Test
    void whatComesDuringASessionShiftsNothingAndIsInTheNextOne() throws Exception {
        String account = account("during");
        String first = file(account);
        String second = file(account);
        String third;
        try (Pop3Client pop3 = platform.pop3().logIn(account, PASSWORD)) {
            String stat = pop3.command("STAT");
            pop3.command("DELE 1");
            third = file(account);
            assertEquals(Map.of(second, 2), pop3.uidl());
            pop3.command("RSET");
            assertEquals(Map.of(first, 1, second, 2), pop3.uidl());
            assertEquals(stat, pop3.command("STAT"));
            for (String command : List.of("RETR 3", "LIST 3", "UIDL 3", "TOP 3 0", "DELE 3")) {
                pop3.send(command);
                assertTrue(pop3.line().startsWith("-ERR"), command);
            }
            pop3.retrieve(2);
            pop3.command("DELE 1");
            pop3.command("QUIT");
        }
        try (Pop3Client pop3 = platform.pop3().logIn(account, PASSWORD)) {
            assertEquals(Map.of(second, 1, third, 2), pop3.uidl());
            pop3.command("QUIT");
        }
    }

    private String account(String name) {
        String account = name + "@fresh.test";
        platform.admin().account(account, PASSWORD);
        return account;
    }

    /** Sends a mail and waits until it lies in the maildrop, as the API tells. */
    private String file(String account) throws Exception {
        try (SmtpClient smtp = platform.smtp()) {
            String mailId = smtp.mail("", List.of(account), "Subject: fresh\r\n\r\nhi\r\n");
            return Await.answer("the mail", FILED_WITHIN, () -> isFiled(account, mailId) ? Optional.of(mailId) : Optional.empty());
        }
    }

    private boolean isFiled(String account, String mailId) throws IOException {
        return platform.admin().send("GET", "/api/v1/accounts/" + account + "/messages/" + mailId, "").statusCode() == 200;
    }
}
