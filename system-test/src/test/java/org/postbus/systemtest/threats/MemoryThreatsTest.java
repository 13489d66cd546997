package org.postbus.systemtest.threats;

import static org.postbus.systemtest.threats.Wire.expect;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SharedPlatform;

/** S7, S9, S12: clients that want the server's memory. */
@ExtendWith({SharedPlatform.class, ThreatReport.class})
class MemoryThreatsTest {

    private static final String VICTIM = "victim@memory.test";
    private static final int MIB = 1024 * 1024;
    /** What a connection may cost beside what is bounded for all of them: its pipeline, buffers and session. */
    private static final int KIB_OF_A_CONNECTION = 48;
    /** What comes and goes in a platform that does other things, too. */
    private static final int KIB_OF_OTHERS = 16 * 1024;
    private static final int BUDGET_KIB = 64 * 1024;

    private final RunningPlatform platform;
    private final LiveHeap heap;

    MemoryThreatsTest(RunningPlatform platform) {
        this.platform = platform;
        this.heap = new LiveHeap(platform);
        platform.admin().domain("memory.test");
        platform.admin().account(VICTIM, "secret of the victim");
    }

    @Test
    @DisplayName("S7 a command line without end: 500 and close, and the heap stays flat")
    void endlessLines() throws Exception {
        Row row = new Row("S7", 1024);
        long before = heap.kib();
        List<Wire> unfinished = new ArrayList<>();
        for (int i = 0; i < row.count(); i++) {
            unfinished.add(Wire.from(source(i), platform.submissionPort()).greet().send("AUTH PLAIN " + "A".repeat(12_000)));
        }
        growsAtMost(row, "unfinished lines", before, row.count() * KIB_OF_A_CONNECTION);
        close(unfinished);
        // A MiB each, so that the long form sends a GiB.
        for (int i = 0; i < row.count(); i++) {
            try (Wire wire = Wire.greeted(platform.smtpPort())) {
                row.answered("a line without end", wire.send("x".repeat(64 * 1024)).reply(), "500 5.5.2");
                byte[] more = "x".repeat(64 * 1024).getBytes();
                for (int sent = more.length; sent < MIB && wire.offer(more); ) {
                    sent += more.length;
                }
            }
        }
        growsAtMost(row, "lines without end", before, 0);
        row.end();
    }

    @Test
    @DisplayName("S9 many mails at a trickle stay within the budget, and others are served meanwhile")
    void halfOpenData() throws Exception {
        Row row = new Row("S9", 2000);
        long before = heap.kib();
        List<Wire> trickling = open(row);
        for (int round = 0; round < 3; round++) {
            for (Wire wire : trickling) {
                wire.send("x".repeat(row.random().nextInt(900)) + "\r\n");
            }
            try (Wire other = Wire.greeted(platform.smtpPort())) {
                long since = System.nanoTime();
                row.holds(other.startMail("a@client.test", VICTIM).ask("hi\r\n.").startsWith("250 "), "another mail is not taken");
                row.holds(System.nanoTime() - since < Duration.ofSeconds(10).toNanos(), "another mail took too long");
            }
        }
        growsAtMost(row, "half-open mails", before, BUDGET_KIB + row.count() * KIB_OF_A_CONNECTION);
        for (Wire wire : trickling) {
            row.answered("a mail that ends at last", wire.ask("."), "250 ");
        }
        close(trickling);
        row.end();
    }

    /** Several addresses, since one may have only so many connections. */
    private static String source(int connection) {
        return "127.0.1." + (1 + connection / 400);
    }

    private List<Wire> open(Row row) throws Exception {
        List<Callable<Wire>> attacks = new ArrayList<>();
        for (int i = 0; i < row.count(); i++) {
            String source = source(i);
            attacks.add(() -> Wire.from(source, platform.smtpPort()).greet().startMail("slow@attacker.test", VICTIM).send("Subject: slow\r\n\r\n"));
        }
        List<Wire> open = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(16)) {
            for (Future<Wire> attack : clients.invokeAll(attacks)) {
                open.add(attack.get());
            }
        }
        return open;
    }

    @Test
    @DisplayName("S12 a client that does not wait where it must is refused; one that never reads costs one write queue")
    void pipelining() throws Exception {
        Row row = new Row("S12", 200);
        List<String> last = List.of("EHLO c", "HELO c", "STARTTLS", "AUTH PLAIN", "DATA");
        for (int i = 0; i < row.count(); i++) {
            try (Wire wire = Wire.greeted(platform.smtpPort())) {
                String command = last.get(i % last.size());
                expect("250", wire.ask(command.equals("DATA") ? "MAIL FROM:<a@client.test>" : "NOOP"));
                expect("250", wire.ask(command.equals("DATA") ? "RCPT TO:<" + VICTIM + ">" : "NOOP"));
                List<String> replies = wire.send(command + "\r\nNOOP\r\nQUIT\r\n").replies();
                row.judged(replies.size() == 1 && replies.getFirst().startsWith("554 5.5.0"), command + " in a group: " + replies);
            }
        }
        neverReads(row, Extent.of(1_000_000));
        row.end();
    }

    private void neverReads(Row row, int noops) throws Exception {
        DirectMemory direct = new DirectMemory(platform);
        long directBefore = direct.kib();
        long before = heap.kib();
        try (Wire wire = Wire.greeted(platform.smtpPort()); ExecutorService writer = Executors.newSingleThreadExecutor()) {
            byte[] some = "NOOP\r\n".repeat(100).getBytes();
            AtomicLong sent = new AtomicLong();
            Future<?> writing = writer.submit(() -> {
                while (sent.get() < noops && wire.offer(some)) {
                    sent.addAndGet(100);
                }
            });
            untilItStops(writing, sent);
            growsAtMost(row, "replies that nobody reads", before, 0);
            row.holds(direct.kib() - directBefore <= KIB_OF_OTHERS, "replies that nobody reads are kept outside the heap");
            try (Wire other = Wire.greeted(platform.smtpPort())) {
                row.holds(other.ask("NOOP").startsWith("250 "), "others are served");
            }
            for (int n = 0; n < noops; n++) {
                row.judged(wire.line().startsWith("250 2.0.0 Ok"), "reply " + n + " is missing");
            }
            writing.get();
        }
    }

    /** Written to the end, or held up by the server. */
    private static void untilItStops(Future<?> writing, AtomicLong sent) throws Exception {
        long[] seen = {-1};
        Await.answer("the writer to end or to stand still", Duration.ofSeconds(60), () -> {
            boolean still = writing.isDone() || seen[0] == sent.get();
            seen[0] = sent.get();
            return still ? Optional.of(true) : Optional.empty();
        });
    }

    private void growsAtMost(Row row, String what, long before, long kib) {
        long after = heap.kib();
        row.holds(after - before <= kib + KIB_OF_OTHERS, what + " made the heap grow from " + before + " to " + after + " KiB");
    }

    private static void close(List<Wire> wires) throws IOException {
        for (Wire wire : wires) {
            wire.close();
        }
    }
}
