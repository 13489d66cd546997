package org.postbus.systemtest.threats;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.Pop3Client;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SharedPlatform;
import org.postbus.systemtest.SmtpClient;

/** P7: clients that ask for much and take nothing. */
@ExtendWith({SharedPlatform.class, ThreatReport.class})
class ReaderThreatsTest {

    private static final int MESSAGES = 100_000;
    private static final int MAILDROPS = 10;
    private static final int LARGE_MAIL = 20 * 1024 * 1024;
    /** More than the sockets of one connection hold. */
    private static final String LISTINGS = "LIST\r\nUIDL\r\n".repeat(20);
    /** A write queue here, a message's next octets there, in the heap and outside it. */
    private static final int KIB_OF_A_READER = 1_536;
    /** The listing is kept while its session lasts, 24 octets a message. */
    private static final int KIB_OF_A_LISTING = MESSAGES * 24 / 1024 * 2;
    /** What comes and goes in a platform that does other things, too: less than two of the large mails. */
    private static final int KIB_OF_OTHERS = 32 * 1024;
    private static final int KIB_OF_STANDING_STILL = 2 * 1024;
    private static final int LOOKS = 3;
    private static final Duration STILL_WITHIN = Duration.ofSeconds(60);
    private static final Duration SERVED_WITHIN = Duration.ofSeconds(20);

    private final RunningPlatform platform;
    private final LiveHeap heap;
    private final DirectMemory direct;
    private final MaildropReader other;

    ReaderThreatsTest(RunningPlatform platform) {
        this.platform = platform;
        this.heap = new LiveHeap(platform);
        this.direct = new DirectMemory(platform);
        this.other = new MaildropReader(platform, "other@readers.test");
    }

    @Test
    @DisplayName("P7 LIST and UIDL of 100,000 messages come piece by piece, and wait in the maildrop for whoever does not read")
    void listings() throws Exception {
        Row row = new Row("P7 listings", 12);
        other.fill(1);
        long before = memory();
        List<Pop3Client> silent = new ArrayList<>();
        for (int i = 0; i < (Extent.LONG ? MAILDROPS : 1); i++) {
            MaildropReader victim = LargeMaildrop.make(platform, "large" + i + "@readers.test", MESSAGES);
            if (i == 0) {
                readAll(row, victim);
            }
            Pop3Client pop3 = victim.open();
            pop3.write(LISTINGS);
            pop3.flush();
            silent.add(pop3);
        }
        served(row);
        growsAtMost(row, "listings that nobody reads", before, silent.size() * (KIB_OF_A_LISTING + KIB_OF_A_READER));
        for (Pop3Client pop3 : silent) {
            row.judged(pop3.line().startsWith("+OK " + MESSAGES + " "), "a listing that waited");
            pop3.close();
        }
        row.end();
    }

    private void readAll(Row row, MaildropReader victim) throws Exception {
        long since = System.nanoTime();
        try (Pop3Client pop3 = victim.open()) {
            long open = System.nanoTime();
            row.judged(count(pop3, "LIST") == MESSAGES, "LIST");
            row.judged(count(pop3, "UIDL") == MESSAGES, "UIDL");
            long end = System.nanoTime();
            pop3.command("QUIT");
            System.out.printf("%d messages: login %d ms, LIST and UIDL %d ms%n", MESSAGES, TimeUnit.NANOSECONDS.toMillis(open - since),
                    TimeUnit.NANOSECONDS.toMillis(end - open));
        }
    }

    private static int count(Pop3Client pop3, String command) throws IOException {
        pop3.command(command);
        int count = 0;
        while (!pop3.line().equals(".")) {
            count++;
        }
        return count;
    }

    @Test
    @DisplayName("P7 a large message waits for whoever does not read, and others are served")
    void messages() throws Exception {
        Row row = new Row("P7 messages", 60);
        other.fill(1);
        List<MaildropReader> victims = new ArrayList<>();
        for (int i = 0; i < row.count(); i++) {
            victims.add(new MaildropReader(platform, "reader" + i + "@readers.test"));
        }
        deliver(victims);
        long before = memory();
        List<Pop3Client> silent = new ArrayList<>();
        for (MaildropReader victim : victims) {
            Pop3Client pop3 = victim.open();
            pop3.write("RETR 1\r\nDELE 1\r\n");
            pop3.flush();
            silent.add(pop3);
        }
        served(row);
        growsAtMost(row, "messages that nobody reads", before, silent.size() * KIB_OF_A_READER);
        for (int i = 0; i < silent.size(); i++) {
            row.judged(silent.get(i).line().startsWith("+OK "), "a message that waited");
            End.values()[i % 2 * 2].of(silent.get(i));
        }
        for (MaildropReader victim : victims) {
            row.holds(victim.uniqueIds().size() == 1, "deleted without QUIT");
        }
        firstLines(row, victims.getFirst());
        row.end();
    }

    /** One mail for all of them. */
    private void deliver(List<MaildropReader> victims) throws Exception {
        try (SmtpClient smtp = platform.smtp()) {
            String line = "x".repeat(78) + "\r\n";
            String mailId = smtp.mail("", victims.stream().map(MaildropReader::address).toList(),
                    "Subject: large\r\n\r\n" + line.repeat(LARGE_MAIL / line.length()));
            for (MaildropReader victim : victims) {
                victim.await(mailId);
            }
        }
    }

    /** TOP of a large message costs what it shows. */
    private static void firstLines(Row row, MaildropReader victim) throws Exception {
        try (Pop3Client pop3 = victim.open()) {
            long since = System.nanoTime();
            for (int n = 0; n < 20; n++) {
                row.holds(count(pop3, "TOP 1 0") < 20, "TOP 1 0 sent the body");
            }
            System.out.printf("TOP 1 0 of %d octets: %d us%n", LARGE_MAIL, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - since) / 20);
            pop3.command("QUIT");
        }
    }

    /** Perhaps not at the first try: those that do not read have all asked in one moment. */
    private void served(Row row) throws Exception {
        long since = System.nanoTime();
        Await.answer("another reader's turn", SERVED_WITHIN, () -> {
            try (Pop3Client pop3 = other.open()) {
                pop3.retrieve(1);
                pop3.command("QUIT");
                return Optional.of(true);
            } catch (AssertionError refused) {
                return Optional.empty();
            }
        });
        row.holds(System.nanoTime() - since < SERVED_WITHIN.toNanos(), "another reader waited too long");
    }

    private void growsAtMost(Row row, String what, long before, long kib) throws Exception {
        long after = settled();
        System.out.printf("%s: %d KiB in use before, %d KiB now%n", what, before, after);
        row.holds(after - before <= kib + KIB_OF_OTHERS, what + " made it grow from " + before + " to " + after + " KiB");
    }

    private long memory() {
        return heap.kib() + direct.kib();
    }

    /** Once it grows no more: all that the server makes in advance is made then. */
    private long settled() throws Exception {
        List<Long> seen = new ArrayList<>();
        return Await.answer("the memory to stand still", STILL_WITHIN, () -> {
            seen.add(memory());
            List<Long> last = seen.subList(Math.max(0, seen.size() - LOOKS), seen.size());
            long change = Collections.max(last) - Collections.min(last);
            return last.size() == LOOKS && change < KIB_OF_STANDING_STILL ? Optional.of(last.getLast()) : Optional.empty();
        });
    }
}
