package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    void aClaimWhoseAnswerWasLostReturnsToTheQueueAtTheSecondSweep() throws Exception {
        UUID instance = claimAll("bob@remote.test", "eve@remote.test").claim();
        strays.sweep(instance);
        assertEquals(2, bench.count(CLAIMED), "it may be on its way into this process still");
        strays.sweep(instance);
        assertEquals(0, bench.count(CLAIMED));
    }

    @Test
    void whatIsInHandOrSomebodyElsesStaysClaimed() throws Exception {
        Claims.Claimed others = claimAll("bob@remote.test");
        Claims.Claimed ours = claimAll("eve@remote.test");
        Transmission.of(ours.claim(), ours.mails(), ours.recipients(), Optional.empty()).forEach(strays::taken);
        strays.sweep(ours.claim());
        strays.sweep(ours.claim());
        assertEquals(2, bench.count(CLAIMED));

        Transmission.of(ours.claim(), ours.mails(), ours.recipients(), Optional.empty()).forEach(strays::done);
        strays.sweep(ours.claim());
        strays.sweep(ours.claim());
        assertEquals(1, bench.count("select count(*) from recipient where claimed_by = '" + others.claim() + "'"));
        assertEquals(1, bench.count(CLAIMED));
    }

    private Claims.Claimed claimAll(String... recipients) throws Exception {
        bench.enqueue("ann@one.test", recipients);
        Instance instance = new Instance(bench.dataSource(), "");
        instance.join();
        return claims.claim(instance.id(), bench.now(), 10);
    }
}
