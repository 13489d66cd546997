package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;
import org.postbus.protocol.remote.Script.Answer;
import org.postbus.protocol.remote.Script.Moment;

/** Destinations that nobody has sent to yet, as all are after a start: there are two sessions for them together. */
class StrangersTest {

    private static final int MAILS = 8;

    private final Elsewhere elsewhere = new Elsewhere();
    private final Semaphore answers = new Semaphore(0);
    private final RemoteMx busy = elsewhere.domain("busy.test", (moment, session) -> {
        if (moment instanceof Moment.MailComplete) {
            answers.acquireUninterruptibly();
        }
        return new Answer.Usual();
    });
    private RelayBench bench;

    @BeforeEach
    void begin() throws Exception {
        bench = new RelayBench(elsewhere.settings(Map.of("relay.max-sessions", "5", "relay.concurrency", "4"))).start();
        bench.enqueueEach("ann@one.test", MAILS, "busy.test");
        Await.until(() -> busy.connections() == 2 && busy.heard().stream().filter("DATA"::equals).count() == 2);
    }

    @AfterEach
    void end() throws Exception {
        answers.release(MAILS);
        elsewhere.close();
        bench.close();
    }

    @Test
    void whoHasTakenAMailKeepsTheirSessionsNoLonger() throws Exception {
        RemoteMx stranger = elsewhere.domain("stranger.test", Script.USUAL);
        bench.enqueue("ann@one.test", "bob@stranger.test");
        answers.release(2);
        Await.until(() -> stranger.mails().size() == 1);
        assertTrue(busy.mails().size() <= 2, "the others wait for their answers");
    }

    @Test
    void whoHasTakenAMailGetsAllHisSessions() throws Exception {
        assertEquals(2, busy.connections());
        answers.release(1);
        Await.until(() -> busy.connections() == 4);
        answers.release(MAILS);
        Await.until(() -> busy.mails().size() == MAILS);
        assertTrue(busy.connections() <= 4, busy.connections() + " connections");
    }
}
