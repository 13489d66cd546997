package org.postbus.pop3gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postbus.protocol.pop3.TestMaildrop;

class RecentMessagesTest {

    private static final String NAME = "a@pop3.test";

    private final TestMaildrop maildrops = new TestMaildrop().account(NAME, "secret");

    @Test
    void whatWasSentAWhileAgoIsNotFetchedAgain() throws Exception {
        fill("Subject: one\r\n\r\n.\r\n", "Subject: two\r\n\r\n2\r\n", "Subject: three\r\n\r\n3\r\n");
        try (Platform platform = Platform.start(maildrops, Map.of())) {
            for (int session = 0; session < 3; session++) {
                try (Client client = new Client(platform)) {
                    client.login(NAME);
                    retrieve(client, 1);
                    retrieve(client, 2);
                    retrieve(client, 1);
                    client.say("QUIT");
                }
            }
            assertEquals(List.of(1, 2), platform.mailbox.asked);
            try (Client client = new Client(platform)) {
                client.login(NAME);
                for (int number = 1; number <= 3; number++) {
                    retrieve(client, number);
                }
            }
            // The third message came in one run with the second.
            assertEquals(List.of(1, 2), platform.mailbox.asked);
        }
    }

    @Test
    void topBeforeRetrFetchesOnce() throws Exception {
        fill("Subject: one\r\n\r\n1\r\n");
        try (Platform platform = Platform.start(maildrops, Map.of()); Client client = new Client(platform)) {
            client.login(NAME);
            client.say("TOP 1 0");
            assertEquals("Subject: one", client.line());
            assertEquals("", client.line());
            assertEquals(".", client.line());
            retrieve(client, 1);
            assertEquals(List.of(1), platform.mailbox.asked);
        }
    }

    @Test
    void aSessionThatLostItsMaildropGetsNothing() throws Exception {
        fill("Subject: one\r\n\r\n1\r\n");
        try (Platform platform = Platform.start(maildrops, Map.of())) {
            platform.mailbox.leaseSeconds = 1;
            try (Client client = new Client(platform)) {
                client.login(NAME);
                retrieve(client, 1);
                platform.mailbox.fencing = true;
                Platform.until(() -> platform.mailbox.renewalsRefused.get() > 1);
                assertTrue(client.say("RETR 1").startsWith("-ERR [SYS/TEMP] "));
            }
        }
    }

    @Test
    void whatIsForUtf8ModeIsNotGivenWithoutIt() throws Exception {
        fill("Subject: gr\u00c3\u00bc\u00c3\u009fe\r\n\r\n1\r\n");
        try (Platform platform = Platform.start(maildrops, Map.of())) {
            try (Client client = new Client(platform)) {
                client.say("UTF8");
                client.login(NAME);
                retrieve(client, 1);
                client.say("QUIT");
            }
            try (Client client = new Client(platform)) {
                client.login(NAME);
                assertTrue(client.say("RETR 1").startsWith("-ERR [UTF8] "));
            }
        }
    }

    @Test
    void withoutMemoryEachIsFetched() throws Exception {
        fill("Subject: one\r\n\r\n1\r\n");
        try (Platform platform = Platform.start(maildrops, Map.of("pop3.limits.recent", "0")); Client client = new Client(platform)) {
            client.login(NAME);
            retrieve(client, 1);
            client.say("RSET");
            try (Client other = new Client(platform)) {
                client.say("QUIT");
                other.login(NAME);
                retrieve(other, 1);
            }
            assertEquals(List.of(1, 1), platform.mailbox.asked);
        }
    }

    private void fill(String... messages) {
        for (String message : messages) {
            maildrops.add(NAME, message.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private void retrieve(Client client, int number) throws Exception {
        byte[] octets = maildrops.messages(NAME).get(number - 1).octets();
        String framed = new String(octets, StandardCharsets.ISO_8859_1).replace("\r\n.", "\r\n..");
        assertEquals("+OK " + octets.length + " octets", client.say("RETR " + number));
        assertArrayEquals(framed.getBytes(StandardCharsets.ISO_8859_1), client.octets(framed.length()));
        assertEquals(".", client.line());
    }
}
