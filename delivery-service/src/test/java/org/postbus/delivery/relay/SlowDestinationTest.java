package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;
import org.postbus.protocol.remote.Script.Answer;

/** A destination that takes mail and does not answer: whatever waits for it, the mail for others goes. */
class SlowDestinationTest {

    private static final int ROOM = 4000;
    private static final int MAILS = 40;
    private static final int PER_MAIL = 100;
    private static final String CLAIMED = "select count(*) from recipient where claimed_by is not null";

    private final Elsewhere elsewhere = new Elsewhere();
    private final RemoteMx slow = elsewhere.domain("slow.test", Script.onMail(new Answer.Nothing()));
    private final RemoteMx good = elsewhere.domain("good.test", Script.USUAL);
    private RelayBench bench;

    @BeforeEach
    void begin() throws Exception {
        bench = new RelayBench(elsewhere.settings(Map.of("relay.max-recipients", String.valueOf(ROOM),
                "relay.concurrency", "2"))).start();
    }

    @AfterEach
    void end() throws Exception {
        elsewhere.close();
        bench.close();
    }

    @Test
    void itKeepsNoRoomFromOthers() throws Exception {
        toSlow();
        Await.until(() -> slow.heard().contains("DATA"));
        bench.enqueueEach("ann@one.test", 20, "good.test");
        Await.until(() -> good.mails().size() == 20);
        assertTrue(bench.relay().reserve(ROOM / 2, 1).isPresent());
        bench.relay().withdraw(ROOM / 2, 1);
    }

    @Test
    void whoFindsItsLineFullStandsInTheQueueWithTheReason() throws Exception {
        toSlow();
        String behind = "select count(*) from recipient where claimed_by is null and next_attempt_at > '%s'".formatted(bench.now());
        Await.until(() -> bench.count(behind) > 0);
        assertEquals(0, bench.count(behind + " and not (status = '4.4.5' and remote_mta = '' and attempts = 0"
                + " and diagnostic_code = 'the destination takes mail more slowly than it comes')"));
    }

    @Test
    void itsLineGrowsShorterWhenItFinishesNothing() throws Exception {
        slow.script(Script.USUAL);
        bench.enqueue("ann@one.test", "bob@slow.test");
        bench.settled();
        slow.script(Script.onMail(new Answer.Nothing()));
        toSlow();
        // A tenth of all room is taken by those who wait.
        Await.until(() -> bench.count(CLAIMED) > ROOM / 10);
        bench.execute("update recipient set next_attempt_at = 'infinity' where claimed_by is null");
        for (int minute = 0; minute < 3; minute++) {
            bench.pass(Duration.ofMinutes(1));
            bench.relay().sweep();
        }
        // Two are being sent, and the first one of the others waits.
        Await.until(() -> bench.count(CLAIMED) <= 3 * PER_MAIL);
        assertEquals(MAILS * PER_MAIL, bench.queued());
    }

    private void toSlow() throws Exception {
        for (int mail = 0; mail < MAILS; mail++) {
            bench.enqueue("ann@one.test", IntStream.range(0, PER_MAIL).mapToObj(n -> "bob" + n + "@slow.test").toArray(String[]::new));
        }
    }
}
