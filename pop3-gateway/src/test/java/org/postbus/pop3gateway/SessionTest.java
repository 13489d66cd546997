package org.postbus.pop3gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postbus.protocol.pop3.TestMaildrop;
import org.postbus.protocol.transcript.LineSocket;

class SessionTest {

    private static final String NAME = "a@pop3.test";
    private static final int LARGE = 50 * 1024 * 1024;

    private final TestMaildrop maildrops = new TestMaildrop().account(NAME, "secret").account("b@pop3.test", "secret");

    @Test
    void aSlowReaderHoldsBackTheMessageAndThenGetsAllOfIt() throws Exception {
        byte[] mail = large();
        maildrops.add(NAME, mail);
        try (Platform platform = Platform.start(maildrops, Map.of()); Client client = new Client(platform)) {
            client.login(NAME);
            assertEquals("+OK " + LARGE + " octets", client.say("RETR 1"));
            long held = stable(platform);
            assertTrue(held < 12 * 1024 * 1024, "octets on their way to a client that reads nothing: " + held);
            assertArrayEquals(mail, client.octets(LARGE));
            assertEquals(".", client.line());
            assertEquals("+OK", client.say("NOOP"));
        }
    }

    @Test
    void topOfALargeMessageFetchesLittleOfIt() throws Exception {
        maildrops.add(NAME, large());
        try (Platform platform = Platform.start(maildrops, Map.of()); Client client = new Client(platform)) {
            client.login(NAME);
            for (int i = 0; i < 5; i++) {
                client.say("TOP 1 0");
                assertEquals("Subject: large", client.line());
                assertEquals("", client.line());
                assertEquals(".", client.line());
            }
            assertTrue(stable(platform) < 40L * 1024 * 1024, "octets fetched: " + platform.mailbox.octetsSent);
        }
    }

    @Test
    void underTlsALargeMessagePassesUnchanged() throws Exception {
        byte[] mail = large();
        maildrops.add(NAME, mail);
        try (Platform platform = Platform.start(maildrops, Map.of()); Client client = new Client(platform, true)) {
            client.login(NAME);
            assertEquals("+OK " + LARGE + " octets", client.say("RETR 1"));
            assertArrayEquals(mail, client.octets(LARGE));
            assertEquals(".", client.line());
            assertEquals("+OK", client.say("NOOP"));
        }
    }

    @Test
    void aMessageThatBreaksOffClosesWithoutTheFinalDot() throws Exception {
        maildrops.add(NAME, large());
        try (Platform platform = Platform.start(maildrops, Map.of()); Client client = new Client(platform)) {
            platform.mailbox.breakAfter = 1_000_000;
            client.login(NAME);
            client.say("RETR 1");
            String last = "";
            for (String line = client.line(); !line.endsWith("<close>"); line = client.line()) {
                last = line;
            }
            assertTrue(!last.equals("."), "the final dot was sent");
            Platform.until(() -> platform.mailbox.released.size() == 1);
        }
    }

    @Test
    void aMaildropInUseIsRefusedAndFreeAfterwards() throws Exception {
        try (Platform platform = Platform.start(maildrops, Map.of()); Client second = new Client(platform)) {
            try (Client first = new Client(platform)) {
                first.login(NAME);
                assertTrue(second.login(NAME).startsWith("-ERR [IN-USE] "));
            }
            Platform.until(() -> platform.mailbox.sessions().isEmpty());
            assertTrue(second.login(NAME).startsWith("+OK "));
        }
    }

    @Test
    void aClientThatLeavesWhileItsMaildropIsOpenedLeavesNoLock() throws Exception {
        try (Platform platform = Platform.start(maildrops, Map.of())) {
            for (int i = 1; i <= 20; i++) {
                try (Client client = new Client(platform)) {
                    client.send("USER " + NAME + "\r\nPASS secret");
                }
                int sessions = i;
                Platform.until(() -> platform.mailbox.released.size() == sessions);
            }
            assertTrue(platform.mailbox.sessions().isEmpty());
        }
    }

    @Test
    void withMailboxServiceDownALoginIsRefusedForNow() throws Exception {
        try (Platform platform = Platform.start(maildrops, Map.of()); Client client = new Client(platform)) {
            platform.mailbox.openStatus = 503;
            assertTrue(client.login(NAME).startsWith("-ERR [SYS/TEMP] "));
            // What failed may have been behind the taking of the lock.
            Platform.until(() -> platform.mailbox.released.size() == 1);
            platform.mailbox.close();
            assertTrue(client.login(NAME).startsWith("-ERR [SYS/TEMP] "));
            platform.mailbox.openStatus = 200;
            platform.mailbox.start();
            assertTrue(client.login(NAME).startsWith("+OK "));
        }
    }

    @Test
    void aBareUserNameIsOfTheDefaultDomain() throws Exception {
        try (Platform platform = Platform.start(maildrops, Map.of("pop3.default-domain", "pop3.test"));
                Client client = new Client(platform)) {
            assertTrue(client.login("a").startsWith("+OK "));
        }
        try (Platform platform = Platform.start(maildrops, Map.of()); Client client = new Client(platform)) {
            assertTrue(client.login("a").startsWith("-ERR [AUTH] "));
        }
    }

    @Test
    void silenceEndsTheSessionWithoutAWordAndReleasesTheLock() throws Exception {
        maildrops.add(NAME, "a: b\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        try (Platform platform = Platform.start(maildrops, Map.of("pop3.idle-timeout", "200ms"));
                Client client = new Client(platform)) {
            client.login(NAME);
            client.say("DELE 1");
            assertEquals("<close>", client.line());
            Platform.until(() -> platform.mailbox.released.size() == 1);
        }
    }

    @Test
    void aSessionThatLastsTooLongEndsWithoutTheUpdateState() throws Exception {
        maildrops.add(NAME, "a: b\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        try (Platform platform = Platform.start(maildrops, Map.of("pop3.max-session-time", "500ms"));
                Client client = new Client(platform)) {
            client.login(NAME);
            client.say("DELE 1");
            String last = client.say("NOOP");
            while (last.equals("+OK")) {
                last = client.say("NOOP");
            }
            assertEquals("<close>", last);
            Platform.until(() -> platform.mailbox.released.size() == 1);
        }
    }

    /** RETR whose octets go nowhere must not be followed by the deletion of its message. */
    @Test
    void aDrainInTheMiddleOfAPipelineCutsNothingOff() throws Exception {
        maildrops.add(NAME, "a: b\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        try (Platform platform = Platform.start(maildrops, Map.of("pop3.drain", "10s")); Client client = new Client(platform)) {
            platform.mailbox.holdingOpenings = true;
            client.say("USER " + NAME);
            client.send("PASS secret\r\nRETR 1\r\nDELE 1\r\nQUIT");
            Platform.until(() -> platform.mailbox.heldOpening());
            Thread drain = Thread.startVirtualThread(platform.gateway::drain);
            Platform.until(() -> isRefused(platform));
            platform.mailbox.letOpen();
            for (String expected : List.of("+OK 1 message (8 octets)", "+OK 8 octets", "a: b", "", ".", "+OK message 1 deleted", "+OK bye",
                    "<close>")) {
                assertEquals(expected, client.line());
            }
            drain.join();
        }
    }

    @Test
    void whereFewPlacesAreLeftWhoDoesNotLogInWaitsForLess() throws Exception {
        Map<String, String> settings = Map.of("pop3.limits.connections", "2", "pop3.crowded-idle-timeout", "100ms");
        try (Platform platform = Platform.start(maildrops, settings); Client loggedIn = new Client(platform)) {
            loggedIn.login(NAME);
            try (Client idle = new Client(platform)) {
                assertEquals("<close>", idle.line());
                assertEquals("+OK", loggedIn.say("NOOP"));
            }
        }
    }

    @Test
    void aClientThatTakesNothingIsCutOff() throws Exception {
        maildrops.add(NAME, large());
        try (Platform platform = Platform.start(maildrops, Map.of("pop3.write-timeout", "300ms"));
                Client client = new Client(platform)) {
            client.login(NAME);
            client.send("RETR 1");
            Platform.until(() -> platform.mailbox.released.size() == 1);
            assertEquals("+OK " + LARGE + " octets", client.line(), "cut off while octets wait");
        }
    }

    @Test
    void clearTextIsForThisMachineUnlessAllowed() throws Exception {
        try (Platform platform = Platform.start(maildrops, Map.of())) {
            assertTrue(platform.gateway.shared().policy(true).loginInClear());
            assertTrue(!platform.gateway.shared().policy(false).loginInClear());
        }
        try (Platform platform = Platform.start(maildrops, Map.of("pop3.allow-clear-text", "true"))) {
            assertTrue(platform.gateway.shared().policy(false).loginInClear());
        }
    }

    private static boolean isRefused(Platform platform) {
        try (LineSocket next = new LineSocket(platform.address())) {
            return next.line().startsWith("-ERR [SYS/TEMP] ");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] large() {
        byte[] mail = new byte[LARGE];
        byte[] line = ("x".repeat(76) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] head = "Subject: large\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at < LARGE; at += line.length) {
            System.arraycopy(line, 0, mail, at, Math.min(line.length, LARGE - at));
        }
        System.arraycopy(head, 0, mail, 0, head.length);
        mail[LARGE - 2] = '\r';
        mail[LARGE - 1] = '\n';
        return mail;
    }

    /** Octets that left the stub, once no more follow for half a second. */
    private static long stable(Platform platform) {
        long[] seen = {-1, System.nanoTime()};
        Platform.until(() -> {
            long now = platform.mailbox.octetsSent.get();
            if (now != seen[0]) {
                seen[0] = now;
                seen[1] = System.nanoTime();
            }
            return System.nanoTime() - seen[1] > TimeUnit.MILLISECONDS.toNanos(500);
        });
        return seen[0];
    }
}
