package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postbus.delivery.queue.Claims;
import org.postbus.delivery.queue.Instance;
import org.postbus.events.TrailStep;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;

/** Several instances on one queue. */
class SharedQueueTest {

    private final RemoteMx mx = RemoteMx.usual(Script.USUAL);
    private RelayBench bench;

    @BeforeEach
    void begin() {
        bench = new RelayBench(Map.of("routes.\"*\".host", "127.0.0.1", "routes.\"*\".port", String.valueOf(mx.port()),
                "relay.max-recipients", "200"));
    }

    @AfterEach
    void end() throws Exception {
        bench.close();
        mx.close();
    }

    @Test
    void twoInstancesRelayEachRecipientOnce() throws Exception {
        for (int mail = 0; mail < 40; mail++) {
            int number = mail;
            bench.enqueue("ann@one.test", IntStream.range(0, 50).mapToObj(n -> "r" + number + "-" + n + "@remote.test")
                    .toArray(String[]::new));
        }
        try (Relay other = bench.anotherInstance("other.example.org")) {
            other.start();
            bench.start();
            Await.until(() -> {
                bench.relay().wake();
                other.wake();
                return bench.queued() == 0;
            });
        }
        Map<String, Long> times = mx.mails().stream().flatMap(mail -> mail.recipients().stream())
                .collect(Collectors.groupingBy(line -> line, Collectors.counting()));
        assertEquals(2000, times.size());
        assertTrue(times.values().stream().allMatch(count -> count == 1), "some got it twice");
        assertTrue(mx.heard().contains("EHLO mx.example.org") && mx.heard().contains("EHLO other.example.org"), "one did it all");
        assertEquals(2000, bench.trail().stream().filter(event -> event.step() == TrailStep.RELAYED)
                .mapToInt(event -> event.recipients().size()).sum());
    }

    /** As when the link broke behind a commit: the queue says that the relay has it, and the relay does not know. */
    @Test
    void aClaimThatNobodyKnowsOfReturnsWhenNothingIsInHand() throws Exception {
        bench.start();
        UUID instance = UUID.fromString(bench.texts("select id::text from instance").getFirst());
        bench.execute("create function claimed() returns trigger language plpgsql as $$ begin new.claimed_by = '" + instance
                + "'; return new; end $$");
        bench.execute("create trigger claimed before insert on recipient for each row execute function claimed()");
        bench.enqueue("ann@one.test", "bob@remote.test");
        assertEquals(1, bench.count("select count(*) from recipient where claimed_by is not null"));
        bench.execute("drop trigger claimed on recipient");
        bench.relay().renew();
        for (int i = 0; i < Strays.SWEEPS; i++) {
            bench.relay().sweep();
        }
        bench.relay().wake();
        Await.until(() -> bench.queued() == 0);
        assertEquals(1, mx.mails().size());
    }

    @Test
    void theClaimsOfAnInstanceThatIsGoneReturn() throws Exception {
        Instance dying = new Instance(bench.dataSource(), "dying");
        dying.join();
        for (int i = 0; i < 5; i++) {
            bench.enqueue("ann@one.test", "bob" + i + "@remote.test");
        }
        assertEquals(5, new Claims(bench.dataSource()).claim(dying.id(), bench.now(), 10).recipients().size());
        bench.start();
        bench.enqueue("ann@one.test", "free@remote.test");
        Await.until(() -> mx.mails().size() == 1);
        assertEquals(List.of("RCPT TO:<free@remote.test>"), mx.mails().getFirst().recipients());

        bench.execute("update instance set alive_until = now() - interval '1 second' where id = '" + dying.id() + "'");
        Instance another = new Instance(bench.dataSource(), "");
        for (int i = 0; i < 3; i++) {
            another.renew();
            another.returnClaims();
        }
        bench.relay().wake();
        Await.until(() -> bench.queued() == 0);
        assertEquals(6, mx.mails().size());
    }
}
