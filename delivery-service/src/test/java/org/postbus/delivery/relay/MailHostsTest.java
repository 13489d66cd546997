package org.postbus.delivery.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.delivery.dns.ScriptedDns.Behaviour;
import org.postbus.delivery.dsn.ReportedRecipient;
import org.postbus.protocol.remote.RemoteMx;
import org.postbus.protocol.remote.Script;
import org.postbus.protocol.remote.Script.Answer;
import org.xbill.DNS.Rcode;

/** Which host a mail goes to, and what follows where there is none (RFC 5321, section 5.1; RFC 7505). */
class MailHostsTest {

    private static final Elsewhere ELSEWHERE = new Elsewhere();
    private static RelayBench bench;

    @BeforeAll
    static void begin() throws Exception {
        ELSEWHERE.host("first.test", Script.USUAL);
        bench = new RelayBench(ELSEWHERE.settings(Map.of("relay.concurrency", "2"))).start();
    }

    @AfterAll
    static void end() throws Exception {
        bench.close();
        ELSEWHERE.close();
    }

    @Test
    void theHostOfLowestPreferenceGetsTheMail() throws Exception {
        RemoteMx second = host("b.order.test", Script.USUAL);
        RemoteMx first = host("a.order.test", Script.USUAL);
        ELSEWHERE.dns().mx("order.test", 20, "b.order.test").mx("order.test", 10, "a.order.test");
        send("bob@order.test");
        assertEquals(1, first.mails().size());
        assertEquals(0, second.connections());
    }

    @Test
    void hostsOfOnePreferenceShareTheMail() throws Exception {
        RemoteMx one = host("a.equal.test", Script.USUAL);
        RemoteMx other = host("b.equal.test", Script.USUAL);
        int domains = 60;
        for (int i = 0; i < domains; i++) {
            ELSEWHERE.dns().mx("equal" + i + ".test", 10, "a.equal.test").mx("equal" + i + ".test", 10, "b.equal.test");
            bench.enqueue("ann@one.test", "bob@equal" + i + ".test");
        }
        bench.settled();
        assertEquals(domains, one.mails().size() + other.mails().size());
        assertTrue(Math.min(one.mails().size(), other.mails().size()) > domains / 10,
                one.mails().size() + " and " + other.mails().size());
    }

    @Test
    void theNextHostGetsTheMailWhereOneIsDead() throws Exception {
        host("a.dead.test", Script.USUAL).close();
        RemoteMx second = host("b.dead.test", Script.USUAL);
        ELSEWHERE.dns().mx("dead.test", 10, "a.dead.test").mx("dead.test", 20, "b.dead.test");
        send("bob@dead.test");
        assertEquals(1, second.mails().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "EHLO", "MAIL", "RCPT", "DATA"})
    void theNextHostGetsTheMailWhereOneHasNoService(String step) throws Exception {
        Answer busy = new Answer.SayAndDrop("421 4.3.2 no service\r\n");
        String domain = "busy" + step.toLowerCase() + ".test";
        RemoteMx first = host("a." + domain, step.isEmpty() ? Script.onConnect(busy) : Script.onCommand(step, busy));
        RemoteMx second = host("b." + domain, Script.USUAL);
        ELSEWHERE.dns().mx(domain, 10, "a." + domain).mx(domain, 20, "b." + domain);
        send("bob@" + domain);
        assertEquals(1, first.connections());
        assertEquals(1, second.mails().size());
    }

    @Test
    void aMailThatTheRemoteMayHaveTakenGoesToNoOtherHostAtOnce() throws Exception {
        host("a.taken.test", Script.onMail(new Answer.Drop()));
        RemoteMx second = host("b.taken.test", Script.USUAL);
        ELSEWHERE.dns().mx("taken.test", 10, "a.taken.test").mx("taken.test", 20, "b.taken.test");
        send("bob@taken.test");
        assertEquals(0, second.connections());
        assertEquals(List.of("4.4.2"), status("taken.test"));
    }

    @Test
    void aDestinationThatCannotBeReachedIsLeftAloneForAWhile() throws Exception {
        RemoteMx gone = host("mx.gone.test", Script.USUAL);
        gone.close();
        ELSEWHERE.dns().mx("gone.test", 10, "mx.gone.test");
        bench.enqueueEach("ann@one.test", 20, "gone.test");
        bench.settled();
        String ofGone = " from recipient where destination = 'gone.test'";
        assertEquals(20, bench.count("select count(*)" + ofGone + " and status = '4.4.1'"));
        assertTrue(bench.count("select sum(attempts)" + ofGone) <= 2, "each of them was tried");
        send("late@gone.test");
        assertEquals(0, bench.count("select attempts" + ofGone + " and final_recipient = 'late@gone.test'"));

        try (RemoteMx back = new RemoteMx("mx.gone.test", new InetSocketAddress(InetAddress.ofLiteral(ELSEWHERE.address("mx.gone.test")),
                ELSEWHERE.port()), Elsewhere.USUAL, Optional.empty(), Script.USUAL)) {
            for (int i = 0; i < 5 && back.mails().size() < 21; i++) {
                bench.pass(Duration.ofMinutes(10));
                bench.settled();
            }
            assertEquals(21, back.mails().size());
        }
    }

    /** Nobody waits for another to find that out. */
    @Test
    void aDeadDestinationThatIsNoMoreFailsForAllAtOnce() throws Exception {
        ELSEWHERE.dns().rcode("over.test", Rcode.SERVFAIL);
        bench.enqueueEach("ann@one.test", 20, "over.test");
        bench.settled();
        ELSEWHERE.dns().rcode("over.test", Rcode.NXDOMAIN);
        bench.pass(Duration.ofMinutes(10));
        bench.settled();
        bench.pass(Duration.ofSeconds(20));
        bench.settled();
        assertEquals(0, bench.count("select count(*) from recipient where destination = 'over.test'"));
    }

    @Test
    void aDomainWithoutMxIsItsOwnHost() throws Exception {
        RemoteMx itself = host("implicit.test", Script.USUAL);
        send("bob@implicit.test");
        assertEquals(1, itself.mails().size());
    }

    @Test
    void aNullMxFailsTheMail() throws Exception {
        ELSEWHERE.dns().mx("null.test", 0, ".");
        send("bob@null.test");
        ReportedRecipient told = told("bob@null.test");
        assertEquals("5.1.10", told.status());
        assertTrue(told.diagnostic().get().text().startsWith("556 "), told.diagnostic().get().text());
    }

    @Test
    void aDomainThatDoesNotExistFailsTheMail() throws Exception {
        send("bob@nowhere.test");
        assertEquals("5.1.2", told("bob@nowhere.test").status());
    }

    /** S32. */
    @Test
    void aFailureOfTheDnsNeverFailsTheMail() throws Exception {
        ELSEWHERE.dns().rcode("servfail.test", Rcode.SERVFAIL).rcode("refused.test", Rcode.REFUSED)
                .behave("silent.test", Behaviour.SILENT).behave("garbage.test", Behaviour.GARBAGE)
                .cname("loop.test", "pool.test").cname("pool.test", "loop.test")
                .mx("half.test", 10, "mx.half.test").rcode("mx.half.test", Rcode.SERVFAIL);
        List<String> domains = List.of("servfail.test", "refused.test", "silent.test", "garbage.test", "loop.test", "half.test");
        for (String domain : domains) {
            bench.enqueue("ann@one.test", "bob@" + domain);
        }
        bench.settled();
        for (String domain : domains) {
            assertEquals(List.of("4.4.3"), status(domain), domain);
        }
    }

    /** S29: nothing is connected to that only this machine can reach, whatever a domain of others says. */
    @Test
    void noMailHostIsWithinOurWalls() throws Exception {
        List<String> within = List.of("127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
                "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::127.0.0.1", "fe80::1", "fc00::1", "64:ff9b::7f00:1",
                "2002:7f00:1::1");
        try (Elsewhere others = new Elsewhere(); RemoteMx inner = new RemoteMx("inner", new InetSocketAddress("0.0.0.0", 0),
                Elsewhere.USUAL, Optional.empty(), Script.USUAL)) {
            for (int i = 0; i < within.size(); i++) {
                others.dns().mx("form" + i + ".test", 10, "mx" + i + ".test").address("mx" + i + ".test", within.get(i));
            }
            others.dns().address("implicit.test", "127.0.0.1");
            List<String> recipients = Stream.concat(Stream.of("bob@implicit.test", "bob@[127.0.0.1]", "bob@[IPv6:::1]"),
                    Stream.iterate(0, i -> i < within.size(), i -> i + 1).map(i -> "bob@form" + i + ".test")).toList();
            try (RelayBench strict = new RelayBench(Map.of("dns.servers", others.dns().address(),
                    "relay.port", String.valueOf(inner.port()))).start()) {
                strict.enqueue("ann@one.test", recipients.toArray(String[]::new));
                Await.until(() -> strict.queued() == 0);
                assertEquals(recipients.size(), strict.reports().stream().flatMap(report -> report.recipients().stream())
                        .filter(told -> told.status().equals("5.4.4")).count());
                assertEquals(0, inner.connections());
            }
        }
    }

    private static RemoteMx host(String name, Script script) {
        return ELSEWHERE.host(name, script);
    }

    private static void send(String recipient) throws Exception {
        bench.enqueue("ann@one.test", recipient);
        bench.settled();
    }

    private static List<String> status(String domain) throws Exception {
        return bench.texts("select status from recipient where destination = '" + domain + "'");
    }

    private static ReportedRecipient told(String recipient) throws Exception {
        return bench.reports().stream().flatMap(report -> report.recipients().stream())
                .filter(one -> one.finalRecipient().equals(recipient)).findFirst().orElseThrow();
    }
}
