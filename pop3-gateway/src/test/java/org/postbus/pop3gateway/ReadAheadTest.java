package org.postbus.pop3gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.postbus.protocol.pop3.TestMaildrop;

class ReadAheadTest {

    private static final String NAME = "a@pop3.test";

    private final TestMaildrop maildrops = new TestMaildrop().account(NAME, "secret");

    @Test
    void whoReadsInOrderIsGivenAllMessagesFromGrowingRuns() throws Exception {
        fill(30, 100);
        try (Platform platform = Platform.start(maildrops, Map.of()); Client client = new Client(platform)) {
            client.login(NAME);
            for (int number = 1; number <= 30; number++) {
                retrieve(client, number);
            }
            assertEquals(List.of(1, 4, 16, 9), platform.mailbox.asked);
            assertEquals("+OK", client.say("NOOP"));
        }
    }

    @Test
    void pipelinedCommandsAreAnsweredInTheirOrder() throws Exception {
        fill(300, 2000);
        try (Platform platform = Platform.start(maildrops, Map.of()); Client client = new Client(platform)) {
            client.login(NAME);
            StringBuilder commands = new StringBuilder();
            for (int number = 1; number <= 300; number++) {
                commands.append(number == 300 ? "RETR 300" : "RETR " + number + "\r\n");
            }
            client.send(commands.toString());
            for (int number = 1; number <= 300; number++) {
                expect(client, number);
            }
        }
    }

    @Test
    void whoPicksMessagesHereAndThereFetchesThoseAlone() throws Exception {
        fill(10, 100);
        try (Platform platform = Platform.start(maildrops, Map.of()); Client client = new Client(platform)) {
            client.login(NAME);
            for (int number : new int[] {7, 2, 9, 5}) {
                retrieve(client, number);
            }
            assertEquals(List.of(1, 1, 1, 1), platform.mailbox.asked);
        }
    }

    @Test
    void aRunEndsBeforeItGrowsTooLargeAndALargeMessageIsStreamed() throws Exception {
        fill(1, 100);
        fill(3, 100 * 1024);
        fill(1, ReadAhead.MAX_OCTETS + 1);
        fill(1, 100);
        try (Platform platform = Platform.start(maildrops, Map.of()); Client client = new Client(platform)) {
            client.login(NAME);
            for (int number = 1; number <= 6; number++) {
                retrieve(client, number);
            }
            assertEquals(List.of(1, 2, 1, 0, 1), platform.mailbox.asked);
        }
    }

    @Test
    void aMessageThatIsGoneFailsAlone() throws Exception {
        fill(6, 100);
        try (Platform platform = Platform.start(maildrops, Map.of()); Client client = new Client(platform)) {
            client.login(NAME);
            platform.mailbox.gone.add(mailId(3));
            retrieve(client, 1);
            retrieve(client, 2);
            assertTrue(client.say("RETR 3").startsWith("-ERR "));
            retrieve(client, 4);
            retrieve(client, 5);
        }
    }

    @Test
    void aMessageThatIsShortClosesWithoutTheFinalDotAfterThoseBeforeIt() throws Exception {
        fill(6, 1000);
        try (Platform platform = Platform.start(maildrops, Map.of()); Client client = new Client(platform)) {
            client.login(NAME);
            platform.mailbox.broken.add(mailId(4));
            client.send("RETR 1\r\nRETR 2\r\nRETR 3\r\nRETR 4\r\nRETR 5");
            for (int number = 1; number <= 3; number++) {
                expect(client, number);
            }
            String last = client.line();
            for (String line = last; !line.endsWith("<close>"); line = client.line()) {
                last = line;
                assertTrue(!line.equals("."), "a final dot");
            }
        }
    }

    @Test
    void deletionsInBetweenChangeNoNumberAndNoOctet() throws Exception {
        fill(8, 100);
        try (Platform platform = Platform.start(maildrops, Map.of()); Client client = new Client(platform)) {
            client.login(NAME);
            retrieve(client, 1);
            assertTrue(client.say("DELE 1").startsWith("+OK"));
            retrieve(client, 2);
            assertTrue(client.say("DELE 4").startsWith("+OK"));
            retrieve(client, 3);
            assertTrue(client.say("RETR 4").startsWith("-ERR"));
            retrieve(client, 5);
            assertEquals(List.of(1, 4), platform.mailbox.asked);
        }
    }

    @Test
    void whatIsHeldAheadIsReturnedWithTheSession() throws Exception {
        fill(8, 1000);
        try (Platform platform = Platform.start(maildrops, Map.of())) {
            try (Client client = new Client(platform)) {
                client.login(NAME);
                retrieve(client, 1);
                retrieve(client, 2);
                assertEquals(4 * 1024, platform.gateway.shared().ahead().used(), "a run of four");
            }
            Platform.until(() -> platform.gateway.shared().ahead().used() == 0);
        }
    }

    @Test
    void aClientThatLeavesWhileItsRunIsFetchedReturnsTheMemoryWithTheAnswer() throws Exception {
        fill(8, 1000);
        try (Platform platform = Platform.start(maildrops, Map.of("pop3.answer-timeout", "1s"))) {
            platform.mailbox.holdingRuns = true;
            try (Client client = new Client(platform)) {
                client.login(NAME);
                client.send("RETR 1");
                Platform.until(() -> !platform.mailbox.asked.isEmpty());
                assertEquals(1024, platform.gateway.shared().ahead().used());
            }
            Platform.until(() -> platform.gateway.shared().ahead().used() == 0);
        }
    }

    @Test
    void withoutMemoryForRunsMessagesAreFetchedByThemselves() throws Exception {
        fill(3, 1000);
        try (Platform platform = Platform.start(maildrops, Map.of("pop3.limits.ahead", "512"));
                Client client = new Client(platform)) {
            client.login(NAME);
            for (int number = 1; number <= 3; number++) {
                retrieve(client, number);
            }
            assertEquals(List.of(0, 0, 0), platform.mailbox.asked);
        }
    }

    private void fill(int count, int octets) {
        for (int n = 0; n < count; n++) {
            int number = maildrops.messages(NAME).size() + 1;
            String line = "Subject: " + number + "\r\n\r\n";
            maildrops.add(NAME, (line + "x".repeat(octets - line.length() - 2) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    private UUID mailId(int number) {
        return maildrops.messages(NAME).get(number - 1).mailId();
    }

    private void retrieve(Client client, int number) throws Exception {
        client.send("RETR " + number);
        expect(client, number);
    }

    private void expect(Client client, int number) throws Exception {
        byte[] octets = maildrops.messages(NAME).get(number - 1).octets();
        assertEquals("+OK " + octets.length + " octets", client.line());
        assertArrayEquals(octets, client.octets(octets.length));
        assertEquals(".", client.line());
    }
}
