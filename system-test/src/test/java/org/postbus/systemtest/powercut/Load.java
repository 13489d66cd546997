package org.postbus.systemtest.powercut;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.postbus.systemtest.Ledger;
import org.postbus.systemtest.LedgerMail;
import org.postbus.systemtest.Pop3Client;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SmtpClient;

/** Clients that send, read and delete until they are told to end, and write down what they were promised. */
final class Load implements AutoCloseable {

    static final String DOMAIN = "powercut.test";
    static final List<String> ACCOUNTS = IntStream.range(0, 8).mapToObj(n -> "account" + n + "@" + DOMAIN).toList();
    static final String PASSWORD = "secret-of-all";

    private static final int POSTGRES_PORT = 2432;
    private static final int WRITERS = 4;
    private static final int READERS = 2;

    private final RunningPlatform platform;
    private final Promises promises;
    private final AtomicInteger tokens = new AtomicInteger();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<Void>> ends = new ArrayList<>();
    private volatile boolean ending;

    private Load(RunningPlatform platform, Promises promises) {
        this.platform = platform;
        this.promises = promises;
    }

    static Load start(RunningPlatform platform, Promises promises, Random random) {
        Load load = new Load(platform, promises);
        for (int n = 0; n < WRITERS; n++) {
            Random choices = new Random(random.nextLong());
            load.ends.add(load.clients.submit(() -> load.write(choices)));
        }
        for (int n = 0; n < READERS; n++) {
            Random choices = new Random(random.nextLong());
            List<String> accounts = ACCOUNTS.subList(n * ACCOUNTS.size() / READERS, (n + 1) * ACCOUNTS.size() / READERS);
            load.ends.add(load.clients.submit(() -> readAndDelete(load, accounts, choices)));
        }
        Random choices = new Random(random.nextLong());
        load.ends.add(load.clients.submit(() -> load.checkpoint(choices)));
        return load;
    }

    /** Lets every client finish what it does; fails if one was refused anything. */
    @Override
    public void close() throws Exception {
        ending = true;
        for (Future<Void> end : ends) {
            end.get(60, TimeUnit.SECONDS);
        }
        clients.close();
    }

    private Void write(Random random) throws Exception {
        try (SmtpClient smtp = platform.smtp()) {
            while (!ending) {
                String token = "token-" + tokens.incrementAndGet();
                Set<String> recipients = new HashSet<>();
                for (int n = random.nextInt(1, 4); n > 0; n--) {
                    recipients.add(ACCOUNTS.get(random.nextInt(ACCOUNTS.size())));
                }
                // One in forty travels in chunks.
                int lines = random.nextInt(40) == 0 ? random.nextInt(4_000, 10_000) : random.nextInt(1, 150);
                String body = (token + " is the text of every line of this mail, with some words to fill it.\r\n").repeat(lines);
                long began = System.nanoTime();
                Ledger.Outcome outcome = LedgerMail.send(smtp, token, recipients, body);
                promises.sent(new Ledger.Mail(token, recipients, body, outcome), began, System.nanoTime());
                if (outcome != Ledger.Outcome.ACCEPTED) {
                    throw new AssertionError(token + ": " + outcome);
                }
                // The load shall be real, not the highest: what is recorded is kept and read again for each cut.
                TimeUnit.MILLISECONDS.sleep(random.nextInt(20));
            }
        }
        return null;
    }

    /** Deletes every second message of one account after the other, with pauses in which no maildrop is locked. */
    private static Void readAndDelete(Load load, List<String> accounts, Random random) throws Exception {
        while (!load.ending) {
            String account = accounts.get(random.nextInt(accounts.size()));
            try (Pop3Client pop3 = load.platform.pop3().logIn(account, PASSWORD)) {
                load.quit(pop3, account, delete(pop3, account));
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
        }
        return null;
    }

    /**
     * Left alone, PostgreSQL writes nothing but its log for minutes. With checkpoints as frequent as this the power also
     * goes while data pages are written, and behind it.
     */
    private Void checkpoint(Random random) throws Exception {
        String url = "jdbc:postgresql://127.0.0.1:" + (POSTGRES_PORT + platform.offset()) + "/postgres";
        String password = Files.readString(platform.data().resolve("postgres/password"));
        try (Connection postgres = DriverManager.getConnection(url, "postgres", password);
                Statement statement = postgres.createStatement()) {
            while (!ending) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(500, 2_000));
                statement.execute("CHECKPOINT");
            }
        }
        return null;
    }

    private static List<String> delete(Pop3Client pop3, String account) throws IOException {
        List<String> deleted = new ArrayList<>();
        for (int number : pop3.uidl().values()) {
            if (number % 2 == 0 && deleted.size() < 10) {
                deleted.add(LedgerMail.copy(account, pop3.retrieve(number)).token());
                pop3.command("DELE " + number);
            }
        }
        return deleted;
    }

    private void quit(Pop3Client pop3, String account, List<String> deleted) throws IOException {
        long began = System.nanoTime();
        pop3.command("QUIT");
        promises.quit(account, deleted, began, System.nanoTime());
    }
}
