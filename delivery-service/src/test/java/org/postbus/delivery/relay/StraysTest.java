package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postbus.delivery.queue.Claims;
import org.postbus.delivery.queue.Instance;

/** Claims that a process made and does not know of. */
class StraysTest {

    private static final String CLAIMED = "select count(*) from recipient where claimed_by is not null";

    private final RelayBench bench = new RelayBench(Map.of());
    private final Claims claims = new Claims(bench.dataSource());
    private final Strays strays = new Strays(claims);

    @AfterEach
    void end() throws Exception {
        bench.close();
    }

    @Test
    void aClaimWhoseAnswerWasLostReturnsToTheQueueAfterSomeSweeps() throws Exception {
        UUID instance = claimAll("bob@remote.test", "eve@remote.test").claim();
        sweep(instance, Strays.SWEEPS - 1);
        assertEquals(2, bench.count(CLAIMED), "it may be on its way into this process still");
        strays.sweep(instance);
        assertEquals(0, bench.count(CLAIMED));
    }

    /** It was on its way at one sweep, came and went, and is on its way again at the next. */
    @Test
    void whatWasInHandBetweenTwoSweepsIsNoStray() throws Exception {
        Claims.Claimed claimed = claimAll("bob@remote.test");
        sweep(claimed.claim(), Strays.SWEEPS - 1);
        transmissions(claimed).forEach(strays::taken);
        transmissions(claimed).forEach(strays::done);
        strays.sweep(claimed.claim());
        assertEquals(1, bench.count(CLAIMED));
    }

    /** The lease was lost, and the process goes on under another id: what it claims now is another claim. */
    @Test
    void aClaimUnderAnotherIdIsSuspectedAnew() throws Exception {
        UUID before = claimAll("bob@remote.test").claim();
        sweep(before, Strays.SWEEPS - 1);
        Instance instance = new Instance(bench.dataSource(), "");
        instance.join();
        bench.execute("update recipient set claimed_by = '" + instance.id() + "'");
        strays.sweep(instance.id());
        assertEquals(1, bench.count(CLAIMED));
        sweep(instance.id(), Strays.SWEEPS - 1);
        assertEquals(0, bench.count(CLAIMED));
    }

    @Test
    void whatIsInHandOrSomebodyElsesStaysClaimed() throws Exception {
        Claims.Claimed others = claimAll("bob@remote.test");
        Claims.Claimed ours = claimAll("eve@remote.test");
        transmissions(ours).forEach(strays::taken);
        sweep(ours.claim(), Strays.SWEEPS);
        assertEquals(2, bench.count(CLAIMED));

        transmissions(ours).forEach(strays::done);
        sweep(ours.claim(), Strays.SWEEPS);
        assertEquals(1, bench.count("select count(*) from recipient where claimed_by = '" + others.claim() + "'"));
        assertEquals(1, bench.count(CLAIMED));
    }

    private void sweep(UUID instance, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            strays.sweep(instance);
        }
    }

    private static List<Transmission> transmissions(Claims.Claimed claimed) {
        return Transmission.of(claimed.claim(), claimed.mails(), claimed.recipients(), Optional.empty());
    }

    private Claims.Claimed claimAll(String... recipients) throws Exception {
        bench.enqueue("ann@one.test", recipients);
        Instance instance = new Instance(bench.dataSource(), "");
        instance.join();
        return claims.claim(instance.id(), bench.now(), 10);
    }
}
