package org.postbus.systemtest.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.protocol.remote.ReceivedMail;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;
import org.postbus.protocol.remote.Script.Answer;
import org.postbus.protocol.remote.Script.Moment;
import org.postbus.systemtest.Await;
import org.postbus.systemtest.Launcher;
import org.postbus.systemtest.Ports;
import org.postbus.systemtest.RunningPlatform;
import org.postbus.systemtest.SmtpClient;

/** The end of a platform whose queue is full of mail: by kill -9, and by SIGTERM while mail is on its way. */
class RelayEndsTest {

    private static final int MAILS = 200;
    private static final Duration WITHIN = Duration.ofSeconds(60);
    /** Half the lease of claims: who has to wait for its end is late. */
    private static final Duration AT_ONCE = Duration.ofSeconds(30);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void aKillLosesNothingAndClaimsReturnAtOnce() throws Exception {
        int closed = Ports.next();
        try (RemoteMx silent = RemoteMx.usual(Script.onConnect(new Answer.Nothing()))) {
            Map<String, String> settings = settings(Map.of("closed.test", closed, "silent.test", silent.port()));
            RunningPlatform platform = RunningPlatform.start(folder, settings);
            send(platform, "bob@closed.test", MAILS / 2);
            send(platform, "bob@silent.test", MAILS / 2);
            // Whoever is silent has them all in hand; at the closed port nobody has taken any.
            Await.answer("all of them in the queue", WITHIN, () -> one(new Queue(platform).recipients() == MAILS
                    && new Queue(platform).claimed() >= MAILS / 2 && silent.connections() > 1));
            platform.kill(true);
            silent.script(Script.USUAL);
            try (RemoteMx opened = at(closed); RunningPlatform next = RunningPlatform.start(folder, settings)) {
                Await.answer("all of them at the remotes", AT_ONCE, () -> one(opened.mails().size() + silent.mails().size() >= MAILS));
                assertEach(Stream.concat(opened.mails().stream(), silent.mails().stream()).toList());
                awaitEmpty(next);
            }
        }
    }

    @Test
    void aStopFinishesWhatIsOnItsWayAndKeepsTheRest() throws Exception {
        CountDownLatch stopping = new CountDownLatch(1);
        try (RemoteMx remote = RemoteMx.usual(slowOnceOpen(stopping))) {
            Map<String, String> settings = settings(Map.of("remote.test", remote.port()));
            int sent;
            try (RunningPlatform platform = RunningPlatform.start(folder, settings)) {
                send(platform, "bob@remote.test", MAILS);
                Await.answer("all of them in the queue", WITHIN, () -> one(new Queue(platform).recipients() == MAILS
                        && remote.heard().contains("DATA")));
                platform.signal("TERM");
                // Closed before the relay is told to end.
                Await.answer("the end of HTTP", WITHIN, () -> one(Launcher.isFree(platform.httpPort())));
                stopping.countDown();
                assertEquals(0, platform.stop("TERM"), platform::printed);
                sent = remote.mails().size();
                assertTrue(sent > 0 && sent < MAILS, "on their way were " + sent);
            }
            remote.script(Script.USUAL);
            try (RunningPlatform next = RunningPlatform.start(folder, settings)) {
                Await.answer("the rest", AT_ONCE, () -> one(remote.mails().size() >= MAILS));
                awaitEmpty(next);
                assertEach(remote.mails());
            }
        }
    }

    /** Mail waits for its answer, and then for a second and a half, so that all of it takes much longer than a stop. */
    private static Script slowOnceOpen(CountDownLatch latch) {
        return (moment, session) -> {
            if (moment instanceof Moment.MailComplete) {
                try {
                    latch.await();
                    return new Answer.SaySlowly("250 2.0.0 taken\r\n", Duration.ofMillis(100));
                } catch (InterruptedException e) {
                    return new Answer.Drop();
                }
            }
            return new Answer.Usual();
        };
    }

    private static Map<String, String> settings(Map<String, Integer> ports) {
        Map<String, String> settings = new TreeMap<>(Map.of("smtp.relay-networks", "127.0.0.0/8",
                "delivery.retry.quick", "1s", "delivery.retry.first", "1s"));
        ports.forEach((domain, port) -> settings.putAll(Relaying.route(domain, port)));
        return settings;
    }

    private static void send(RunningPlatform platform, String forwardPath, int count) throws IOException {
        try (SmtpClient smtp = platform.smtp()) {
            for (int n = 0; n < count; n++) {
                smtp.mail("ann@far.test", List.of(forwardPath), "Subject: " + forwardPath + " " + n + "\r\n\r\nhi\r\n");
            }
        }
    }

    /** Each subject once. */
    private static void assertEach(List<ReceivedMail> mails) {
        List<String> subjects = mails.stream().map(mail -> mail.text().lines().filter(line -> line.startsWith("Subject: "))
                .findFirst().orElseThrow()).toList();
        assertEquals(MAILS, subjects.stream().distinct().count(), "different mails");
        assertEquals(MAILS, subjects.size(), "mails");
    }

    private static void awaitEmpty(RunningPlatform platform) throws Exception {
        Await.answer("an empty queue", WITHIN, () -> one(new Queue(platform).recipients() + new Queue(platform).rest() == 0));
    }

    private static Optional<Boolean> one(boolean so) {
        return so ? Optional.of(true) : Optional.empty();
    }

    private static RemoteMx at(int port) {
        return new RemoteMx("mx.remote.test", new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                List.of("PIPELINING", "8BITMIME"), Optional.empty(), Script.USUAL);
    }
}
