package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;
import org.postbus.protocol.remote.Script.Answer;

/** What mail costs that waits for a destination which cannot be reached: one connection each time, and no attempts of its own. */
class DeadDestinationTest {

    private static final int WAITING = 40;

    private final RemoteMx mx = RemoteMx.usual(Script.onConnect(new Answer.SayAndDrop("554 5.3.2 no service\r\n")));
    private RelayBench bench;

    @BeforeEach
    void begin() throws Exception {
        bench = new RelayBench(Map.of("routes.\"*\".host", "127.0.0.1", "routes.\"*\".port", String.valueOf(mx.port()),
                "relay.concurrency", "1")).start();
        bench.enqueueEach("ann@one.test", WAITING, "dead.test");
        bench.settled();
    }

    @AfterEach
    void end() throws Exception {
        bench.close();
        mx.close();
    }

    @Test
    void oneFindsOutForAllWhetherItIsStillDead() throws Exception {
        long attempts = attempts();
        int connections = mx.connections();
        bench.pass(Duration.ofMinutes(10));
        bench.settled();
        assertEquals(connections + 1, mx.connections());
        assertEquals(attempts + 1, attempts());
        assertEquals(WAITING, bench.count("select count(*) from recipient where status <> '' and remote_mta <> ''"));
        assertEquals(0, bench.count("select count(*) from recipient where claimed_by is not null"));
    }

    @Test
    void whatIsPostponedIsRelayedWhenItIsBack() throws Exception {
        mx.script(Script.USUAL);
        bench.pass(Duration.ofMinutes(10));
        bench.settled();
        bench.pass(Duration.ofSeconds(20));
        bench.settled();
        assertEquals(WAITING, mx.mails().size());
    }

    /** One connection tells whether the operator is right who asks for an attempt, however many recipients he asks for. */
    @Test
    void anOperatorIsAnsweredByOneConnectionForAll() throws Exception {
        long attempts = attempts();
        int connections = mx.connections();
        ask();
        assertEquals(connections + 1, mx.connections());
        assertEquals(attempts + 1, attempts());
        bench.pass(Duration.ofSeconds(20));
        bench.settled();
        assertEquals(connections + 1, mx.connections(), "they have their answer");

        mx.script(Script.USUAL);
        ask();
        assertEquals(1, mx.mails().size());
        bench.pass(Duration.ofSeconds(20));
        bench.settled();
        assertEquals(WAITING, mx.mails().size());
    }

    /** As the API does it. */
    private void ask() throws Exception {
        bench.pass(Duration.ofSeconds(1));
        bench.execute("update recipient set next_attempt_at = '%1$s', asked_at = '%1$s'".formatted(bench.now()));
        bench.pass(Duration.ofSeconds(1));
        bench.settled();
    }

    /** The reverse-path hears of the delay in time, whether anybody was tried or not; and of the end. */
    @Test
    void whoIsPostponedIsToldOfTheDelayAndOfTheEnd() throws Exception {
        for (Duration passed = Duration.ZERO; bench.queued() > 0; passed = passed.plusMinutes(20)) {
            assertTrue(passed.compareTo(Duration.ofDays(6)) < 0, bench.queued() + " are in the queue for " + passed);
            if (passed.equals(Duration.ofHours(4).plusMinutes(20))) {
                assertEquals(WAITING, bench.reports().size());
            }
            bench.pass(Duration.ofMinutes(20));
            bench.settled();
        }
        assertEquals(2 * WAITING, bench.reports().size());
    }

    private long attempts() throws Exception {
        return bench.count("select sum(attempts) from recipient");
    }
}
