package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.events.TrailStep;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;
import org.postbus.protocol.remote.Script.Answer;
import org.postbus.protocol.remote.Script.Moment;

/** How the relay treats remotes that want to be treated with care: greylisting, limits of connections and of mails on one. */
class PatienceTest {

    private static final Elsewhere ELSEWHERE = new Elsewhere();
    private static RelayBench bench;

    @BeforeAll
    static void begin() throws Exception {
        ELSEWHERE.host("first.test", Script.USUAL);
        bench = new RelayBench(ELSEWHERE.settings(Map.of("relay.concurrency", "8"))).start();
    }

    @AfterAll
    static void end() throws Exception {
        bench.close();
        ELSEWHERE.close();
    }

    @Test
    void greylistingCostsAboutAMinute() throws Exception {
        Set<String> known = ConcurrentHashMap.newKeySet();
        RemoteMx mx = ELSEWHERE.domain("grey.test", (moment, session) ->
                moment instanceof Moment.Command command && command.is("RCPT") && known.add(command.line())
                        ? new Answer.Say("450 4.7.1 greylisted\r\n") : new Answer.Usual());
        bench.enqueue("ann@one.test", "bob@grey.test");
        bench.settled();
        bench.pass(Duration.ofSeconds(45));
        bench.settled();
        assertEquals(0, mx.mails().size());
        bench.pass(Duration.ofSeconds(30));
        Await.until(() -> mx.mails().size() == 1);
    }

    @Test
    void connectionsAreUsedAgain() throws Exception {
        RemoteMx mx = ELSEWHERE.domain("many.test", Script.USUAL);
        bench.enqueueEach("ann@one.test", 200, "many.test");
        Await.until(() -> mx.mails().size() == 200);
        assertTrue(mx.connections() <= 20, mx.connections() + " connections for 200 mails");
        assertEquals(200, mx.heard().stream().filter(line -> line.startsWith("MAIL")).count());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectionThatTheRemoteHasClosedCostsNoAttempt(boolean chunking) throws Exception {
        String domain = "closing" + chunking + ".test";
        RemoteMx mx = ELSEWHERE.domain(domain, chunking ? Elsewhere.CHUNKING : Elsewhere.USUAL, Optional.empty(),
                Script.onMail(new Answer.SayAndDrop("250 2.0.0 taken\r\n")));
        bench.enqueueEach("ann@one.test", 30, domain);
        bench.settled();
        assertEquals(30, mx.mails().size());
        assertEquals(List.of(), delays(domain));
    }

    @Test
    void whatIsSaidAfterAMailIsDoneCostsTheNextNoAttempt() throws Exception {
        RemoteMx mx = ELSEWHERE.domain("idle.test", Script.onMail(new Answer.SayAndDrop("250 2.0.0 taken\r\n421 4.4.2 idle\r\n")));
        bench.enqueueEach("ann@one.test", 30, "idle.test");
        bench.settled();
        assertEquals(30, mx.mails().size());
        assertEquals(List.of(), delays("idle.test"));
    }

    /** A host that takes no third connection is not one that cannot be reached. */
    @Test
    void aLimitOfConnectionsDelaysNoMail() throws Exception {
        RemoteMx mx = ELSEWHERE.domain("limit.test", (moment, session) -> moment instanceof Moment.Connected && session.number() > 2
                ? new Answer.SayAndDrop("421 4.7.0 too many connections\r\n") : new Answer.Usual());
        bench.enqueueEach("ann@one.test", 60, "limit.test");
        Await.until(() -> mx.mails().size() == 60);
        assertEquals(List.of(), delays("limit.test"));
    }

    private static List<String> delays(String domain) throws Exception {
        return bench.trail().stream().filter(event -> event.step() == TrailStep.DELAYED)
                .map(event -> event.recipients().getFirst().finalRecipient()).filter(one -> one.endsWith("@" + domain)).toList();
    }
}
