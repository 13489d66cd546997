package org.postbus.systemtest.threats;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.Pop3Client;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SmtpClient;

/** The honest owner of a maildrop that is attacked. Making one makes the account. */
record MaildropReader(RunningPlatform platform, String address) {

    static final String PASSWORD = "secret of the victim";
    private static final Duration FILED_WITHIN = Duration.ofSeconds(60);
    /** After a connection that ended without QUIT; the server learns of it at once. */
    private static final Duration FREE_WITHIN = Duration.ofSeconds(10);

    MaildropReader {
        platform.admin().domain(address.substring(address.indexOf('@') + 1));
        platform.admin().account(address, PASSWORD);
    }

    /** Files so many small mails. */
    void fill(int mails) throws Exception {
        for (int n = 0; n < mails; n++) {
            file("Subject: mail " + n + "\r\n\r\none\r\ntwo\r\n");
        }
    }

    /** Sends a mail, waits until it is there and returns its id. */
    String file(String text) throws Exception {
        try (SmtpClient smtp = platform.smtp()) {
            String mailId = smtp.mail("", List.of(address), text);
            await(mailId);
            return mailId;
        }
    }

    /** Waits until the mail is there. */
    void await(String mailId) throws Exception {
        Await.answer("mail " + mailId + " for " + address, FILED_WITHIN,
                () -> uniqueIds().contains(mailId) ? Optional.of(true) : Optional.empty());
    }

    /** A session, as soon as the last one has left the maildrop. */
    Pop3Client open() throws Exception {
        return Await.answer("the maildrop of " + address, FREE_WITHIN, () -> {
            Pop3Client pop3 = platform.pop3();
            pop3.command("USER " + address);
            pop3.send("PASS " + PASSWORD);
            String answer = pop3.line();
            if (answer.startsWith("+OK")) {
                return Optional.of(pop3);
            }
            pop3.close();
            if (!answer.startsWith("-ERR [IN-USE]")) {
                throw new AssertionError(answer);
            }
            return Optional.empty();
        });
    }

    /** What UIDL lists. */
    Set<String> uniqueIds() throws Exception {
        try (Pop3Client pop3 = open()) {
            Set<String> uniqueIds = pop3.uidl().keySet();
            pop3.command("QUIT");
            return uniqueIds;
        }
    }

    /** The answer to another login. */
    String logInAgain() throws IOException {
        try (Pop3Client pop3 = platform.pop3()) {
            pop3.command("USER " + address);
            pop3.send("PASS " + PASSWORD);
            String answer = pop3.line();
            if (answer.startsWith("+OK")) {
                pop3.command("QUIT");
            }
            return answer;
        }
    }
}
