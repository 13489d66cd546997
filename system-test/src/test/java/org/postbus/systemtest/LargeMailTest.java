package org.postbus.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Eight mails of nearly 50 MiB at once: 400 MiB go through a process with a heap of 300 MiB. */
@ExtendWith(SharedPlatform.class)
class LargeMailTest {

    private static final String ADDRESS = "archive@large.test";
    private static final String PASSWORD = "secret-of-archive";
    private static final int MAILS = 8;
    private static final int LINES = 52_000;
    private static final int LINE_OCTETS = 1000;

    /** A mail that was accepted, and the hash of its body. */
    private record Sent(String mailId, String bodyHash) {}

    @Test
    void passWhileNoProcessHoldsThem(RunningPlatform platform) throws Exception {
        platform.admin().domain("large.test");
        platform.admin().account(ADDRESS, PASSWORD);
        List<Future<Sent>> mails = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int seed = 0; seed < MAILS; seed++) {
                Random random = new Random(seed);
                mails.add(clients.submit(() -> send(platform, random)));
            }
        }
        for (Future<Sent> mail : mails) {
            Sent sent = mail.get();
            assertEquals(sent.bodyHash(), Await.answer(sent.mailId(), Duration.ofMinutes(3),
                    () -> bodyHash(platform, sent.mailId())));
        }
    }

    private static Sent send(RunningPlatform platform, Random random) throws Exception {
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        try (SmtpClient smtp = platform.smtp()) {
            SmtpClient.require("250", smtp.command("MAIL FROM:<> SIZE=" + (LINES + 1L) * LINE_OCTETS));
            SmtpClient.require("250", smtp.command("RCPT TO:<" + ADDRESS + ">"));
            SmtpClient.require("354", smtp.command("DATA"));
            smtp.write("Subject: large\r\n\r\n");
            for (int n = 0; n < LINES; n++) {
                byte[] line = line(random);
                hash.update(line);
                smtp.write(line);
            }
            return new Sent(SmtpClient.accepted(smtp.command(".")), HexFormat.of().formatHex(hash.digest()));
        }
    }

    private static byte[] line(Random random) {
        byte[] line = new byte[LINE_OCTETS];
        random.nextBytes(line);
        for (int n = 0; n < LINE_OCTETS - 2; n++) {
            line[n] = (byte) ('A' + (line[n] & 31));
        }
        line[LINE_OCTETS - 2] = '\r';
        line[LINE_OCTETS - 1] = '\n';
        return line;
    }

    private static Optional<String> bodyHash(RunningPlatform platform, String mailId) throws Exception {
        try (Pop3Client pop3 = platform.pop3().logIn(ADDRESS, PASSWORD)) {
            Map<String, Integer> listing = pop3.uidl();
            if (!listing.containsKey(mailId)) {
                // Without QUIT the maildrop is released a moment after the connection, and the next look is refused.
                pop3.command("QUIT");
                return Optional.empty();
            }
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            boolean[] inBody = {false};
            pop3.retrieve(listing.get(mailId), line -> {
                if (inBody[0]) {
                    hash.update(line);
                }
                inBody[0] |= line.length == 2;
            });
            pop3.command("QUIT");
            return Optional.of(HexFormat.of().formatHex(hash.digest()));
        }
    }
}
