package org.postbus.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of everything under load, again and again, with PostgreSQL or without it, and now and then SIGTERM: every
 * mail answered 250 is there exactly once, and what QUIT's +OK deleted stays deleted. {@code -Dpostbus.crash.rounds=N} makes it longer, {@code -Dpostbus.crash.seed=N} repeats
 * the choices of a run (the moments differ).
 */
class CrashTest {

    private static final int ROUNDS = Integer.getInteger("postbus.crash.rounds", 3);
    private static final long SEED = Long.getLong("postbus.crash.seed", System.nanoTime());
    private static final int WRITERS = 6;
    /** A killed session holds its maildrop until its lease ends, so each round reads two others. */
    private static final List<String> ACCOUNTS =
            IntStream.range(0, 8).mapToObj(n -> "account" + n + "@crash.test").toList();
    private static final String PASSWORD = "secret-of-all";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final Ledger ledger = new Ledger();
    private final AtomicInteger tokens = new AtomicInteger();
    private final Queue<String> damaged = new ConcurrentLinkedQueue<>();

    @Test
    void nothingAcceptedIsLostOrDoubledAndNothingDeletedComesBack() throws Exception {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            RunningPlatform platform = start();
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int n = 0; n < WRITERS; n++) {
                    Random choices = new Random(random.nextLong());
                    clients.submit(() -> write(platform, choices));
                }
                for (int n = 2 * round; n < 2 * round + 2; n++) {
                    String account = ACCOUNTS.get(n % ACCOUNTS.size());
                    clients.submit(() -> readAndDelete(platform, account));
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(1_500, 5_000));
                end(platform, random);
            }
        }
        try (RunningPlatform platform = start()) {
            verify(platform);
        } catch (AssertionError e) {
            throw new AssertionError("seed " + SEED + ", data kept in " + folder, e);
        }
    }

    private static void end(RunningPlatform platform, Random random) {
        switch (random.nextInt(5)) {
            case 0 -> assertEquals(0, platform.stop("TERM"), platform::printed);
            case 1, 2 -> platform.kill(false);
            default -> platform.kill(true);
        }
    }

    private RunningPlatform start() {
        RunningPlatform platform = RunningPlatform.start(folder.resolve("data"));
        platform.admin().domain("crash.test");
        ACCOUNTS.forEach(account -> platform.admin().account(account, PASSWORD));
        return platform;
    }

    private void verify(RunningPlatform platform) throws Exception {
        String run = "seed " + SEED + ", " + ROUNDS + " ends, " + ledger.accepted() + " mails answered 250, "
                + ledger.deletions() + " deletions answered +OK";
        System.out.println("crash test: " + run);
        assertTrue(ledger.accepted() > 10L * ROUNDS, () -> "too little load to mean anything: " + run);
        List<Ledger.Copy> copies = Await.answer("all accepted mails; " + run, Duration.ofSeconds(150),
                () -> free(platform).filter(found -> ledger.missing(found).isEmpty()));
        assertEquals(List.of(), ledger.wrong(copies), run);
        assertEquals(List.of(), List.copyOf(damaged), run);
    }

    /** Sends mail until one is not accepted, and writes down every outcome. */
    private Void write(RunningPlatform platform, Random random) throws IOException {
        try (SmtpClient smtp = platform.smtp()) {
            Ledger.Outcome last = Ledger.Outcome.ACCEPTED;
            while (last == Ledger.Outcome.ACCEPTED) {
                String token = "token-" + tokens.incrementAndGet();
                Set<String> recipients = new HashSet<>();
                for (int n = random.nextInt(1, 4); n > 0; n--) {
                    recipients.add(ACCOUNTS.get(random.nextInt(ACCOUNTS.size())));
                }
                // One in twenty travels in chunks.
                int lines = random.nextInt(20) == 0 ? random.nextInt(5_000, 15_000) : random.nextInt(1, 200);
                String body = (token + " is the text of every line of this mail, with some words to fill it.\r\n").repeat(lines);
                last = LedgerMail.send(smtp, token, recipients, body);
                ledger.sent(new Ledger.Mail(token, recipients, body, last));
            }
        }
        return null;
    }

    /** Deletes every second message, session after session, until nobody answers. */
    private Void readAndDelete(RunningPlatform platform, String account) throws IOException {
        while (true) {
            List<String> deleted = new ArrayList<>();
            boolean quitting = false;
            try (Pop3Client pop3 = platform.pop3().logIn(account, PASSWORD)) {
                for (int number : pop3.uidl().values()) {
                    if (number % 2 == 0 && deleted.size() < 20) {
                        deleted.add(LedgerMail.copy(account, pop3.retrieve(number)).token());
                        pop3.command("DELE " + number);
                    }
                }
                quitting = true;
                pop3.command("QUIT");
                ledger.quit(account, deleted, true);
            } catch (Pop3Client.DamagedMessage e) {
                damaged.add(account + ": " + e.getMessage());
            } catch (IOException | AssertionError e) {
                if (quitting) {
                    ledger.quit(account, deleted, false);
                }
                if (!isInUse(e)) {
                    throw e;
                }
            }
        }
    }

    private static boolean isInUse(Throwable e) {
        return e.getMessage() != null && e.getMessage().contains("[IN-USE]");
    }

    /** Every maildrop, or nothing while one is still held by a killed session. */
    private static Optional<List<Ledger.Copy>> free(RunningPlatform platform) throws IOException {
        try {
            return Optional.of(copies(platform));
        } catch (AssertionError e) {
            if (isInUse(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static List<Ledger.Copy> copies(RunningPlatform platform) throws IOException {
        List<Ledger.Copy> copies = new ArrayList<>();
        for (String account : ACCOUNTS) {
            try (Pop3Client pop3 = platform.pop3().logIn(account, PASSWORD)) {
                for (int number : pop3.uidl().values()) {
                    copies.add(LedgerMail.copy(account, pop3.retrieve(number)));
                }
                pop3.command("QUIT");
            }
        }
        return copies;
    }
}
