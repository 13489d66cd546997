package org.postbus.delivery.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postbus.delivery.relay.RelayBench;

/** What attempts came to, where it is not known whether it was recorded. */
class OutcomesTest {

    private final RelayBench bench = new RelayBench(Map.of());
    private final Claims claims = new Claims(bench.dataSource());
    private final Outcomes outcomes = new Outcomes(bench.dataSource());

    @AfterEach
    void end() throws Exception {
        bench.close();
    }

    /** The answer to the first COMMIT was lost, and the same instance is at its next attempt already. */
    @Test
    void aDelayThatIsRecordedTwiceLeavesTheNextClaimAlone() throws Exception {
        bench.enqueue("ann@one.test", "bob@remote.test");
        Instance instance = new Instance(bench.dataSource(), "");
        instance.join();
        Attempt delay = delayed(claims.claim(instance.id(), bench.now(), 10));
        outcomes.record(List.of(delay));
        bench.pass(Duration.ofMinutes(1));
        Claims.Claimed again = claims.claim(instance.id(), bench.now(), 10);
        assertEquals(1, again.recipients().getFirst().attempts());

        outcomes.record(List.of(delay));
        assertEquals(1, bench.count("select count(*) from recipient where claimed_by is not null and attempts = 1"));
        assertEquals(1, bench.trail().size());

        outcomes.record(List.of(delayed(again)));
        assertEquals(1, bench.count("select count(*) from recipient where claimed_by is null and attempts = 2"));
    }

    /** The same, where nobody was asked. */
    @Test
    void oneThatWasNotTriedLeavesTheNextClaimAloneToo() throws Exception {
        bench.enqueue("ann@one.test", "bob@remote.test");
        Instance instance = new Instance(bench.dataSource(), "");
        instance.join();
        Attempt delay = delayed(claims.claim(instance.id(), bench.now(), 10), false);
        outcomes.record(List.of(delay));
        bench.pass(Duration.ofMinutes(1));
        Claims.Claimed again = claims.claim(instance.id(), bench.now(), 10);
        outcomes.record(List.of(delay));
        assertEquals(1, bench.count("select count(*) from recipient where claimed_by is not null and attempts = 0"));
        outcomes.record(List.of(delayed(again, false)));
        assertEquals(1, bench.count("select count(*) from recipient where claimed_by is null and attempts = 0"));
    }

    @Test
    void theLastAttemptIsOneThatWasMade() throws Exception {
        bench.enqueue("ann@one.test", "bob@remote.test");
        Instance instance = new Instance(bench.dataSource(), "");
        instance.join();
        outcomes.record(List.of(delayed(claims.claim(instance.id(), bench.now(), 10), false)));
        assertEquals(1, bench.count("select count(*) from recipient where last_attempt_at is null"));
        bench.pass(Duration.ofMinutes(1));
        String attempted = bench.now().toString();
        outcomes.record(List.of(delayed(claims.claim(instance.id(), bench.now(), 10), true)));
        bench.pass(Duration.ofMinutes(1));
        outcomes.record(List.of(delayed(claims.claim(instance.id(), bench.now(), 10), false)));
        assertEquals(1, bench.count("select count(*) from recipient where last_attempt_at = '" + attempted + "' and attempts = 1"));
    }

    private Attempt delayed(Claims.Claimed claimed) {
        return delayed(claimed, true);
    }

    private Attempt delayed(Claims.Claimed claimed, boolean attempted) {
        QueuedRecipient recipient = claimed.recipients().getFirst();
        Outcome outcome = new Outcome(claimed.claim(), recipient, new Outcome.Delayed(bench.now().plusSeconds(60), attempted, false),
                Outcome.Word.own("4.2.1", "not now"));
        return new Attempt(claimed.mails().get(recipient.mailId()), List.of(outcome), bench.now(), Optional.empty(), "");
    }
}
