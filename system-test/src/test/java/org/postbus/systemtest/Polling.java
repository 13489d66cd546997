package org.postbus.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Clients that look again and again while mail comes. Their own last session is never in their way, and they miss nothing. */
final class Polling {

    private static final String PASSWORD = "secret of the poller";
    private static final String EVERY_SECOND = "every-second@polling.test";
    private static final String AT_ONCE = "at-once@polling.test";
    private static final int POLLS = 10;
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(60);

    private final RunningPlatform platform;
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final Set<String> fetched = new HashSet<>();
    private int counted;

    Polling(RunningPlatform platform) {
        this.platform = platform;
        platform.admin().domain("polling.test");
        platform.admin().account(EVERY_SECOND, PASSWORD);
        platform.admin().account(AT_ONCE, PASSWORD);
    }

    /** One counts what is there each second, the other fetches and deletes all of it, session upon session. */
    void run() throws Exception {
        try (ScheduledExecutorService clients = Executors.newScheduledThreadPool(3)) {
            List<ScheduledFuture<?>> all = List.of(
                    clients.scheduleWithFixedDelay(() -> now(this::send), 0, 200, TimeUnit.MILLISECONDS),
                    clients.scheduleWithFixedDelay(() -> now(this::fetchAndDelete), 0, 1, TimeUnit.MILLISECONDS),
                    clients.scheduleAtFixedRate(() -> now(this::count), 0, 1, TimeUnit.SECONDS));
            ScheduledFuture<?> end = clients.schedule(() -> { }, POLLS, TimeUnit.SECONDS);
            end.get();
            for (ScheduledFuture<?> client : all) {
                // Only one that failed is done.
                if (client.isDone()) {
                    client.get();
                }
                client.cancel(false);
            }
        }
        assertTrue(sent.size() >= POLLS, "sent " + sent.size());
        Await.answer("every mail", SEEN_WITHIN, () -> count() && fetchAndDelete() ? Optional.of(true) : Optional.empty());
        assertEquals(new HashSet<>(sent), fetched);
    }

    private static void now(Callable<?> step) {
        try {
            step.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private boolean send() throws IOException {
        try (SmtpClient smtp = platform.smtp()) {
            return sent.add(smtp.mail("", List.of(EVERY_SECOND, AT_ONCE), "Subject: polled\r\n\r\nhi\r\n"));
        }
    }

    private boolean count() throws IOException {
        try (Pop3Client pop3 = platform.pop3().logIn(EVERY_SECOND, PASSWORD)) {
            int count = Integer.parseInt(pop3.command("STAT").split(" ")[1]);
            pop3.command("QUIT");
            assertTrue(count >= counted, "had " + counted + " messages, and then " + count);
            counted = count;
            return count == sent.size();
        }
    }

    private boolean fetchAndDelete() throws IOException {
        try (Pop3Client pop3 = platform.pop3().logIn(AT_ONCE, PASSWORD)) {
            for (Pop3Client.Listed message : pop3.listing()) {
                pop3.retrieve(message.number());
                assertTrue(fetched.add(message.uniqueId()), "came back: " + message.uniqueId());
                pop3.command("DELE " + message.number());
            }
            pop3.command("QUIT");
            return fetched.size() == sent.size();
        }
    }
}
