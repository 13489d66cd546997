package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;
import org.postbus.protocol.remote.Script.Answer;
import org.postbus.protocol.remote.Script.Moment;

/** The end of a relay, or of its claims, while a session has a mail: nobody sends what somebody else may be sending. */
class EndingTest {

    private static final List<String> ONE_BY_ONE = List.of("8BITMIME");
    private static final String UNTOUCHED =
            "select count(*) from recipient where claimed_by is null and attempts = 0 and status = '' and next_attempt_at <= '%s'";

    private final Elsewhere elsewhere = new Elsewhere();
    private final RemoteMx first = elsewhere.host("mx1.test", ONE_BY_ONE, Optional.empty(), Script.USUAL);
    private final RemoteMx second = elsewhere.host("mx2.test", Script.USUAL);
    private RelayBench bench;

    @BeforeEach
    void begin() throws Exception {
        elsewhere.dns().mx("remote.test", 10, "mx1.test");
        elsewhere.dns().mx("remote.test", 20, "mx2.test");
        bench = new RelayBench(elsewhere.settings(Map.of())).start();
    }

    @AfterEach
    void end() throws Exception {
        elsewhere.close();
        bench.close();
    }

    @Test
    void whatIsBrokenOffDoesNotGoToTheNextHost() throws Exception {
        first.script(Script.onCommand("MAIL", new Answer.Nothing()));
        bench.enqueue("ann@one.test", "bob@remote.test");
        Await.until(() -> first.heard().stream().anyMatch(line -> line.startsWith("MAIL")));
        bench.relay().close(Duration.ZERO);
        ended();
    }

    @Test
    void whatIsAboutToConnectIsBrokenOff() throws Exception {
        first.script(Script.onConnect(new Answer.Nothing()));
        bench.enqueue("ann@one.test", "bob@remote.test");
        Await.until(() -> first.connections() == 1);
        bench.relay().close(Duration.ZERO);
        ended();
    }

    private void ended() throws Exception {
        assertEquals(0, sessions());
        assertEquals(0, second.connections());
        assertEquals(1, bench.count(UNTOUCHED.formatted(bench.now())));
    }

    @Test
    void whatFindsItsClaimLostWhenItIsConnectedIsNotSent() throws Exception {
        CountDownLatch lost = new CountDownLatch(1);
        first.script((moment, session) -> {
            if (moment instanceof Moment.Connected) {
                await(lost);
            }
            return new Answer.Usual();
        });
        bench.enqueue("ann@one.test", "bob@remote.test");
        Await.until(() -> first.connections() == 1);
        bench.execute("delete from instance");
        bench.relay().renew();
        lost.countDown();
        Await.until(() -> sessions() == 0);
        assertEquals(0, first.mails().size());
        bench.relay().sweep();
        bench.settled();
        assertEquals(1, first.mails().size());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private double sessions() {
        return bench.meters().get("postbus.delivery.relay.sessions").gauge().value();
    }
}
