package org.postbus.delivery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.delivery.dns.ScriptedDns.Behaviour;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

@Timeout(60)
class DnsTest {

    private final ScriptedDns server = new ScriptedDns();
    private final Dns dns = asking(server);

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void finds_mail_hosts_whatever_the_case() {
        server.mx("example.org", 10, "MX1.Example.ORG").mx("example.org", 20, "mx2.example.org");
        assertEquals(Set.of(new Mx(10, "mx1.example.org"), new Mx(20, "mx2.example.org")), Set.copyOf(found(dns.mx("EXAMPLE.org"))));
    }

    @Test
    void asks_for_a_name_with_other_letters_by_its_a_labels() {
        server.mx("xn--bcher-kva.example", 10, "mx.example.org");
        assertEquals(List.of(new Mx(10, "mx.example.org")), found(dns.mx("Bücher.example")));
    }

    @Test
    void knows_the_null_mx() {
        server.mx("example.org", 0, ".");
        assertTrue(found(dns.mx("example.org")).getFirst().isNull());
    }

    @Test
    void tells_addresses_of_both_kinds_in_turn() {
        server.address("h.example", "192.0.2.1").address("h.example", "192.0.2.2").address("h.example", "192.0.2.3")
                .address("h.example", "2001:db8::1");
        List<InetAddress> addresses = found(dns.addresses("h.example"));
        assertEquals(4, addresses.size());
        assertEquals(InetAddress.ofLiteral("2001:db8::1"), addresses.get(1));
    }

    @Test
    void one_kind_of_address_is_enough() {
        server.address("six.example", "2001:db8::1").address("four.example", "192.0.2.1");
        assertEquals(List.of(InetAddress.ofLiteral("2001:db8::1")), found(dns.addresses("six.example")));
        assertEquals(List.of(InetAddress.ofLiteral("192.0.2.1")), found(dns.addresses("four.example")));
    }

    @Test
    void joins_the_strings_of_a_text() {
        server.txt("t.example", "v=STSv1; ", "id=1;");
        assertEquals(List.of("v=STSv1; id=1;"), found(dns.txt("t.example")));
    }

    @Test
    void tells_what_is_not_there_from_what_has_nothing() {
        server.empty("empty.example");
        assertInstanceOf(Answer.NoData.class, dns.mx("empty.example"));
        assertInstanceOf(Answer.NoData.class, dns.addresses("empty.example"));
        assertInstanceOf(Answer.NoSuchDomain.class, dns.mx("none.example"));
        assertInstanceOf(Answer.NoSuchDomain.class, dns.addresses("none.example"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..example", "a\\.b.example", "a b.example", "-\n.example", "@", "*.example", "[192.0.2.1]",
        "0123456789012345678901234567890123456789012345678901234567890123.example"})
    void what_can_be_no_name_is_not_asked_for(String name) {
        assertInstanceOf(Answer.NoSuchDomain.class, dns.mx(name));
        assertEquals(List.of(), server.asked());
    }

    @ParameterizedTest
    @ValueSource(ints = {Rcode.SERVFAIL, Rcode.REFUSED, Rcode.FORMERR, Rcode.NOTIMP})
    void what_the_resolver_cannot_answer_is_a_failure(int rcode) {
        server.rcode("bad.example", rcode);
        assertEquals(new Answer.Failed<>(Rcode.string(rcode)), dns.mx("bad.example"));
        assertInstanceOf(Answer.Failed.class, dns.addresses("bad.example"));
    }

    @Test
    void a_failure_is_not_remembered() {
        server.rcode("late.example", Rcode.SERVFAIL);
        assertInstanceOf(Answer.Failed.class, dns.mx("late.example"));
        server.rcode("late.example", Rcode.NXDOMAIN);
        assertInstanceOf(Answer.NoSuchDomain.class, dns.mx("late.example"));
    }

    @ParameterizedTest
    @EnumSource(value = Behaviour.class, names = {"WRONG_ID", "WRONG_QUESTION", "GARBAGE"})
    void an_answer_to_something_else_is_none(Behaviour behaviour) {
        server.mx("odd.example", 10, "mx.example").behave("odd.example", behaviour);
        assertInstanceOf(Answer.Failed.class, hasty().mx("odd.example"));
    }

    @Test
    void silence_is_a_failure() {
        server.behave("silent.example", Behaviour.SILENT);
        assertInstanceOf(Answer.Failed.class, hasty().mx("silent.example"));
        assertTrue(server.count("silent.example", Type.MX) > 1, "asked once only");
    }

    @Test
    void a_question_has_an_end_of_its_own() {
        server.behave("silent.example", Behaviour.SILENT);
        Dns patient = new Dns(Optional.of(List.of(server.address())), Duration.ofMinutes(5), Duration.ofMillis(200));
        assertEquals(new Answer.Failed<>("no answer in time"), patient.mx("silent.example"));
    }

    @Test
    void another_resolver_is_asked_where_one_cannot() throws IOException {
        server.rcode("example.org", Rcode.REFUSED);
        try (ScriptedDns second = new ScriptedDns()) {
            second.mx("example.org", 10, "mx.example.org");
            Dns both = new Dns(Optional.of(List.of(server.address(), second.address())));
            assertEquals(List.of(new Mx(10, "mx.example.org")), found(both.mx("example.org")));
        }
    }

    @Test
    void what_is_cut_off_is_asked_for_over_tcp() {
        IntStream.range(0, 200).forEach(i -> server.mx("many.example", i, "mx" + i + ".example"));
        server.behave("many.example", Behaviour.TRUNCATE);
        assertEquals(200, found(dns.mx("many.example")).size());
        assertEquals(List.of(false, true), server.asked().stream().map(ScriptedDns.Asked::tcp).toList());
    }

    @Test
    void a_huge_answer_is_a_failure() {
        IntStream.range(0, 600).forEach(i -> server.mx("huge.example", i, "a-rather-long-name-of-a-host-" + i + ".example"));
        server.behave("huge.example", Behaviour.TRUNCATE);
        assertEquals("octets", assertInstanceOf(Answer.Failed.class, dns.mx("huge.example")).reason().replaceAll(".* ", ""));
    }

    @Test
    void follows_aliases_to_a_limit() {
        chain(Dns.MAX_ALIASES);
        server.address("end.example", "192.0.2.1");
        assertEquals(List.of(InetAddress.ofLiteral("192.0.2.1")), found(dns.addresses("alias1.example")));
        server.cname("alias0.example", "alias1.example");
        assertInstanceOf(Answer.Failed.class, asking(server).addresses("alias0.example"));
    }

    @Test
    void an_alias_of_what_is_not_there_is_not_there() {
        server.cname("alias.example", "none.example");
        assertInstanceOf(Answer.NoSuchDomain.class, dns.mx("alias.example"));
    }

    @Test
    void aliases_in_a_circle_are_a_failure() {
        server.cname("a.example", "b.example").cname("b.example", "a.example").cname("self.example", "self.example");
        assertInstanceOf(Answer.Failed.class, dns.mx("a.example"));
        assertInstanceOf(Answer.Failed.class, dns.addresses("self.example"));
    }

    @Test
    void remembers_what_is_there_and_what_is_not() {
        server.mx("example.org", 10, "mx.example.org").empty("empty.example");
        for (int i = 0; i < 3; i++) {
            assertInstanceOf(Answer.Found.class, dns.mx("example.org"));
            assertInstanceOf(Answer.NoData.class, dns.mx("empty.example"));
            assertInstanceOf(Answer.NoSuchDomain.class, dns.mx("none.example"));
        }
        assertEquals(3, server.asked().size(), server.asked()::toString);
    }

    @Test
    void remembers_no_longer_than_the_record_says() {
        server.ttl(0).mx("example.org", 10, "mx.example.org");
        dns.mx("example.org");
        dns.mx("example.org");
        assertEquals(2, server.count("example.org", Type.MX));
    }

    @Test
    void threads_that_ask_the_same_wait_for_one_answer() throws InterruptedException {
        server.ttl(0).mx("example.org", 10, "mx.example.org");
        CountDownLatch answer = server.hold("example.org");
        List<Answer<Mx>> answers = new CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofPlatform().start(() -> answers.add(dns.mx("example.org"))));
        }
        while (!threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
            Thread.onSpinWait();
        }
        answer.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(8, answers.stream().filter(Answer.Found.class::isInstance).count());
        assertEquals(1, server.count("example.org", Type.MX));
    }

    @Test
    void a_machine_that_has_no_such_resolver_says_so() {
        Dns nobody = new Dns(Optional.of(List.of("127.0.0.1:1")), Duration.ofMillis(200), Duration.ofSeconds(2));
        assertInstanceOf(Answer.Failed.class, nobody.mx("example.org"));
    }

    /** Gives up on a resolver soon. */
    private Dns hasty() {
        return new Dns(Optional.of(List.of(server.address())), Duration.ofMillis(200), Duration.ofSeconds(30));
    }

    private void chain(int aliases) {
        Stream.iterate(1, i -> i + 1).limit(aliases).forEach(i ->
                server.cname("alias" + i + ".example", i == aliases ? "end.example" : "alias" + (i + 1) + ".example"));
    }

    private static Dns asking(ScriptedDns server) {
        return new Dns(Optional.of(List.of(server.address())));
    }

    private static <T> List<T> found(Answer<T> answer) {
        if (answer instanceof Answer.Found<T>(List<T> records)) {
            return records;
        }
        throw new AssertionError(answer);
    }
}
