package org.postbus.pop3gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postbus.protocol.pop3.TestMaildrop;

/** What takes a gateway out of its Service, and what does not. */
class ReadinessTest {

    private static final String NAME = "a@pop3.test";
    private static final int BOUND_SECONDS = 5;

    private final TestMaildrop maildrops = new TestMaildrop().account(NAME, "secret");

    /** Else a storm of logins takes all gateways away at once, and those that come back get all of it. */
    @Test
    void loginsThatHoldEveryConnectionDoNotHoldTheProbes() throws Exception {
        try (Platform platform = Platform.start(maildrops, Map.of("pop3.limits.questions", "1")); Client client = new Client(platform)) {
            platform.mailbox.holdingOpenings = true;
            client.say("USER " + NAME);
            client.send("PASS secret");
            Platform.until(platform.mailbox::heldOpening);
            assertTrue(asked(platform).get(BOUND_SECONDS, TimeUnit.SECONDS));
            platform.mailbox.letOpen();
            assertEquals("+OK 0 messages (0 octets)", client.line());
        }
    }

    /** The kubelet waits 5 s. */
    @Test
    void whatComesToNoAnswerIsAway() throws Exception {
        try (Platform platform = Platform.withoutKafka(maildrops)) {
            platform.mailbox.tricklingRenewals = true;
            assertFalse(asked(platform).get(BOUND_SECONDS, TimeUnit.SECONDS));
        }
    }

    private static CompletableFuture<Boolean> asked(Platform platform) {
        return platform.gateway.mailboxReachable().otherwise(false).toCompletionStage().toCompletableFuture();
    }
}
