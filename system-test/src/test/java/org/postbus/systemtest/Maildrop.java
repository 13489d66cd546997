package org.postbus.systemtest;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** An account's maildrop, read over POP3. */
public record Maildrop(RunningPlatform platform, String address, String password) {

    private static final Duration FILED_WITHIN = Duration.ofSeconds(60);

    /** The text of a mail, once it is there. */
    public String await(String mailId) throws Exception {
        return Await.answer("mail " + mailId + " for " + address, FILED_WITHIN, () -> find(mailId));
    }

    /** The text of the first message that holds the words, once it is there. */
    public String awaitContaining(String words) throws Exception {
        return Await.answer("a mail with " + words + " for " + address, FILED_WITHIN, () -> findContaining(words));
    }

    /** In UTF-8 mode: whatever lies there is to be read. */
    private Pop3Client open() throws IOException {
        Pop3Client pop3 = platform.pop3();
        pop3.command("UTF8");
        return pop3.logIn(address, password);
    }

    private Optional<String> find(String mailId) throws IOException {
        try (Pop3Client pop3 = open()) {
            Integer number = pop3.uidl().get(mailId);
            Optional<String> text = number == null ? Optional.empty() : Optional.of(pop3.retrieve(number));
            pop3.command("QUIT");
            return text;
        }
    }

    private Optional<String> findContaining(String words) throws IOException {
        try (Pop3Client pop3 = open()) {
            Optional<String> found = Optional.empty();
            for (int number : pop3.uidl().values()) {
                String text = pop3.retrieve(number);
                found = text.contains(words) ? Optional.of(text) : found;
            }
            pop3.command("QUIT");
            return found;
        }
    }
}
