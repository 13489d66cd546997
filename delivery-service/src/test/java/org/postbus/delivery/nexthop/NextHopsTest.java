package org.postbus.delivery.nexthop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postbus.delivery.DeliveryConfig;
import org.postbus.delivery.DeliveryConfig.TlsDemand;
import org.postbus.delivery.dns.Dns;
import org.postbus.delivery.dns.ScriptedDns;
import org.postbus.delivery.dns.ScriptedDns.Behaviour;
import org.postbus.delivery.nexthop.NextHop.Hosts;
import org.postbus.delivery.nexthop.NextHop.Nowhere;
import org.postbus.delivery.nexthop.NextHop.Refuses;
import org.postbus.delivery.nexthop.NextHop.Unknown;
import org.postbus.delivery.tlspolicy.MemoryPolicyStore;
import org.postbus.delivery.tlspolicy.MtaSts;
import org.postbus.delivery.tlspolicy.PolicyFetch;
import org.postbus.delivery.tlspolicy.PolicyStore;
import org.postbus.delivery.tlspolicy.StsPolicy;
import org.postbus.delivery.tlspolicy.StsReports;
import org.postbus.delivery.tlspolicy.TlsPolicy;
import org.xbill.DNS.Rcode;

@Timeout(60)
class NextHopsTest {

    private static final String OURS = "mail.postbus.example";

    private static Vertx vertx;
    private final ScriptedDns server = new ScriptedDns();
    private final Dns dns = new Dns(Optional.of(List.of(server.address())));
    /** Has nothing to do: the policies of these tests are known. */
    private final PolicyFetch fetch = new PolicyFetch(vertx, dns, address -> false, Optional.empty());
    private PolicyStore policies = new MemoryPolicyStore();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Random random = new Random(1);

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        vertx.close();
    }

    @AfterEach
    void stop() throws IOException {
        fetch.close();
        server.close();
    }

    @Test
    void mail_hosts_come_by_preference() {
        server.mx("example.org", 20, "b.example.org").mx("example.org", 10, "a.example.org").mx("example.org", 30, "c.example.org")
                .address("a.example.org", "192.0.2.1").address("b.example.org", "192.0.2.2").address("c.example.org", "2001:db8::3");
        Hosts hosts = hosts("example.org");
        assertEquals(List.of(host("a.example.org", "192.0.2.1"), host("b.example.org", "192.0.2.2"),
                host("c.example.org", "2001:db8::3")), hosts.hosts());
        assertEquals(new TlsPolicy.Opportunistic(false), hosts.policy());
        assertEquals(Optional.empty(), hosts.auth());
    }

    @Test
    void hosts_that_are_as_good_as_each_other_share_the_load() {
        server.mx("example.org", 10, "a.example.org").mx("example.org", 10, "b.example.org").mx("example.org", 20, "c.example.org")
                .address("a.example.org", "192.0.2.1").address("b.example.org", "192.0.2.2").address("c.example.org", "192.0.2.3");
        Set<String> first = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            Hosts hosts = hosts("example.org");
            first.add(hosts.hosts().getFirst().name());
            assertEquals("c.example.org", hosts.hosts().getLast().name());
        }
        assertEquals(Set.of("a.example.org", "b.example.org"), first);
    }

    @Test
    void a_domain_without_mail_hosts_is_its_own() {
        server.address("example.org", "192.0.2.1").address("example.org", "2001:db8::1");
        assertEquals(List.of(host("example.org", "192.0.2.1"), host("example.org", "2001:db8::1")), hosts("Example.ORG").hosts());
    }

    @Test
    void a_domain_may_be_written_in_its_own_letters() {
        server.mx("xn--bcher-kva.example", 10, "mx.example").address("mx.example", "192.0.2.1");
        assertEquals(List.of(host("mx.example", "192.0.2.1")), hosts("BÜCHER.example").hosts());
    }

    @Test
    void a_mail_host_may_be_an_alias() {
        server.mx("example.org", 10, "alias.example").cname("alias.example", "real.example").address("real.example", "192.0.2.1");
        assertEquals(List.of(host("alias.example", "192.0.2.1")), hosts("example.org").hosts());
    }

    @Test
    void a_domain_that_takes_no_mail_refuses_it() {
        server.mx("example.org", 0, ".").address("example.org", "192.0.2.1");
        assertEquals(new Refuses(556, "5.1.10", "the domain takes no mail (null MX)"), find("example.org"));
    }

    @Test
    void a_null_mx_beside_real_ones_says_nothing() {
        server.mx("example.org", 0, ".").mx("example.org", 10, "mx.example").address("mx.example", "192.0.2.1");
        assertEquals(List.of(host("mx.example", "192.0.2.1")), hosts("example.org").hosts());
    }

    @Test
    void a_domain_that_is_not_there_or_has_nothing_is_nowhere() {
        server.empty("empty.example").mx("lost.example", 10, "gone.example").mx("odd.example", 10, "not\\032a\\032host")
                .mx("number.example", 10, "192.0.2.1");
        assertEquals(new Nowhere("5.1.2", "the domain does not exist"), find("none.example"));
        assertEquals(new Nowhere("5.1.2", "the domain has neither mail hosts nor addresses"), find("empty.example"));
        for (String domain : List.of("lost.example", "odd.example", "number.example")) {
            assertEquals(new Nowhere("5.4.4", "no mail host of the domain has an address"), find(domain));
        }
    }

    @Test
    void a_host_without_address_or_that_cannot_be_looked_up_is_passed_over() {
        server.mx("example.org", 10, "gone.example").mx("example.org", 20, "bad.example").mx("example.org", 30, "mx.example")
                .rcode("bad.example", Rcode.SERVFAIL).address("mx.example", "192.0.2.1");
        assertEquals(List.of(host("mx.example", "192.0.2.1")), hosts("example.org").hosts());
    }

    @ParameterizedTest
    @ValueSource(ints = {Rcode.SERVFAIL, Rcode.REFUSED})
    void a_failure_of_the_dns_is_never_an_answer(int rcode) {
        server.rcode("example.org", rcode).mx("example.net", 10, "gone.example").mx("example.net", 20, "mx.example.net")
                .rcode("mx.example.net", rcode).empty("implicit.example");
        assertEquals("4.4.3", assertInstanceOf(Unknown.class, find("example.org")).status());
        assertEquals("4.4.3", assertInstanceOf(Unknown.class, find("example.net")).status());
    }

    @Test
    void aliases_in_a_circle_and_answers_to_something_else_defer() {
        server.cname("a.example", "b.example").cname("b.example", "a.example").behave("c.example", Behaviour.WRONG_QUESTION);
        assertInstanceOf(Unknown.class, find("a.example"));
        assertInstanceOf(Unknown.class, find("c.example"));
    }

    @Test
    void ten_addresses_of_five_hosts_are_enough() {
        for (int i = 0; i < 8; i++) {
            server.mx("wide.example", i, "h" + i + ".example").address("h" + i + ".example", "192.0.2." + i);
        }
        server.mx("deep.example", 10, "deep.example");
        IntStream.range(0, 30).forEach(i -> server.address("deep.example", "198.51.100." + i));
        assertEquals(5, hosts("wide.example").hosts().size());
        assertEquals(10, hosts("deep.example").hosts().size());
    }

    @Test
    void a_domain_with_too_many_dead_hosts_is_not_judged_by_some() {
        IntStream.range(0, 30).forEach(i -> server.mx("example.org", i, "gone" + i + ".example"));
        assertInstanceOf(Unknown.class, find("example.org"));
        assertEquals(20, server.asked().stream().map(ScriptedDns.Asked::name).filter(name -> name.startsWith("gone"))
                .distinct().count());
    }

    @Test
    void mail_does_not_go_back_to_hosts_behind_this_one() {
        server.mx("backup.example", 10, "near.example").mx("backup.example", 20, "Mail.Postbus.Example")
                .mx("backup.example", 20, "equal.example").mx("backup.example", 30, "far.example")
                .mx("loop.example", 10, OURS).mx("loop.example", 20, "far.example");
        for (String name : List.of("near.example", "equal.example", "far.example", OURS)) {
            server.address(name, "192.0.2.1");
        }
        assertEquals(List.of(host("near.example", "192.0.2.1")), hosts("backup.example").hosts());
        assertEquals("5.4.6", assertInstanceOf(Nowhere.class, find("loop.example")).status());
        assertEquals("5.4.6", assertInstanceOf(Nowhere.class, find(OURS)).status());
    }

    @ParameterizedTest
    @CsvSource({"[192.0.2.1], 192.0.2.1", "[IPv6:2001:db8::1], 2001:db8::1"})
    void an_address_literal_is_where_it_says(String literal, String address) {
        InetAddress expected = InetAddress.ofLiteral(address);
        assertEquals(List.of(new Host(expected.getHostAddress(), expected, 25)), hosts(literal).hosts());
        assertEquals(List.of(), server.asked());
    }

    @ParameterizedTest
    @CsvSource({"[127.0.0.1], 5.4.4", "[IPv6:::1], 5.4.4", "[IPv6:::ffff:10.0.0.1], 5.4.4", "[x-net:anything], 5.1.2"})
    void an_address_literal_leads_to_no_place_that_strangers_cannot_reach(String literal, String status) {
        assertEquals(status, assertInstanceOf(Nowhere.class, find(literal)).status());
    }

    @Test
    void hosts_at_forbidden_addresses_are_passed_over() {
        server.mx("trap.example", 10, "inside.example").address("inside.example", "10.0.0.1").address("inside.example", "::1")
                .mx("mixed.example", 10, "inside.example").mx("mixed.example", 20, "mx.example").address("mx.example", "192.0.2.1")
                .address("mx.example", "fd00::1").mx("unsure.example", 10, "inside.example").mx("unsure.example", 20, "bad.example")
                .rcode("bad.example", Rcode.SERVFAIL).mx("local.example", 10, "localhost");
        Nowhere forbidden = new Nowhere("5.4.4", "no address of the domain may be connected to");
        assertEquals(forbidden, find("trap.example"));
        assertEquals(forbidden, find("local.example"));
        assertEquals(List.of(host("mx.example", "192.0.2.1")), hosts("mixed.example").hosts());
        assertInstanceOf(Unknown.class, find("unsure.example"));
    }

    @Test
    void a_route_goes_where_the_operator_says_and_is_not_judged() {
        server.address("relay.example", "10.0.0.1").address("relay.example", "fd00::1");
        Hosts hosts = hosts(nextHops(Map.of("*", RouteOf.host("Relay.example").withPort(587).withLogin("anna", "secret")))
                .find("example.org"));
        assertEquals(List.of(new Host("relay.example", InetAddress.ofLiteral("10.0.0.1"), 587),
                new Host("relay.example", InetAddress.ofLiteral("fd00::1"), 587)), hosts.hosts());
        assertEquals(new RelayAuth("anna", "secret"), hosts.auth().orElseThrow());
        assertEquals(new TlsPolicy.Verified(TlsPolicy.Source.CONFIGURED), hosts.policy());
        assertFalse(hosts.toString().contains("secret"));
    }

    @Test
    void a_route_to_an_address_needs_no_dns_and_serves_literals_too() {
        NextHops routed = nextHops(Map.of("*", RouteOf.host("127.0.0.1").withPort(1025)));
        List<Host> expected = List.of(new Host("127.0.0.1", InetAddress.ofLiteral("127.0.0.1"), 1025));
        assertEquals(expected, hosts(routed.find("example.org")).hosts());
        assertEquals(expected, hosts(routed.find("[192.0.2.1]")).hosts());
        assertEquals(List.of(), server.asked());
    }

    @Test
    void a_route_that_is_not_found_returns_no_mail() {
        server.rcode("bad.example", Rcode.SERVFAIL);
        assertEquals(new Unknown("4.4.4", "the relay none.example has no address"),
                nextHops(Map.of("*", RouteOf.host("none.example"))).find("example.org"));
        assertEquals(new Unknown("4.4.3", "the DNS does not answer: bad.example: SERVFAIL"),
                nextHops(Map.of("*", RouteOf.host("bad.example"))).find("example.org"));
    }

    @Test
    void an_enforced_policy_names_the_hosts_and_asks_for_their_certificates() {
        policy(StsPolicy.Mode.ENFORCE, "*.good.example");
        server.mx("example.org", 10, "evil.example").mx("example.org", 20, "mx.good.example")
                .address("evil.example", "192.0.2.66").address("mx.good.example", "192.0.2.1");
        Hosts hosts = hosts("example.org");
        assertEquals(List.of(host("mx.good.example", "192.0.2.1")), hosts.hosts());
        assertEquals(new TlsPolicy.Verified(TlsPolicy.Source.MTA_STS), hosts.policy());
        assertFalse(hosts.policy().mayBeClear());
    }

    @Test
    void mail_is_held_where_an_enforced_policy_names_no_host() {
        policy(StsPolicy.Mode.ENFORCE, "mx.good.example");
        server.mx("example.org", 10, "evil.example").address("evil.example", "192.0.2.66");
        assertEquals("4.7.5", assertInstanceOf(Unknown.class, find("example.org")).status());
    }

    @Test
    void a_tested_policy_stops_nothing_and_is_reported() {
        policy(StsPolicy.Mode.TESTING, "mx.good.example");
        server.mx("example.org", 10, "evil.example").mx("example.org", 20, "mx.good.example").address("evil.example", "192.0.2.66")
                .address("mx.good.example", "192.0.2.1");
        Hosts hosts = hosts("example.org");
        assertEquals(2, hosts.hosts().size());
        assertTrue(hosts.policy().isTested() && hosts.policy().mayBeClear());
        assertEquals(1, meters.counter("postbus.delivery.mta.sts.testing.failures").count());
    }

    @Test
    void what_the_operator_demands_replaces_what_the_domain_publishes() {
        policy(StsPolicy.Mode.ENFORCE, "mx.good.example");
        server.mx("example.org", 10, "mx.example").address("mx.example", "192.0.2.1");
        assertEquals(new TlsPolicy.Clear(), hosts(nextHops(Map.of("example.org", RouteOf.mailHosts().with(TlsDemand.NONE)))
                .find("example.org")).policy());
    }

    @Test
    void while_nobody_knows_whether_a_policy_is_known_the_mail_waits() {
        server.mx("example.org", 10, "mx.example").address("mx.example", "192.0.2.1");
        policies = new PolicyStore() {
            @Override
            public Optional<Stored> find(String domain) throws UnreadableException {
                throw new UnreadableException(new IOException("no answer"));
            }

            @Override
            public void put(String domain, Stored stored) {
                throw new AssertionError("there is none");
            }
        };
        assertEquals("4.3.0", assertInstanceOf(NextHop.Unknown.class, find("example.org")).status());
    }

    private void policy(StsPolicy.Mode mode, String mx) {
        server.txt("_mta-sts.example.org", "v=STSv1; id=1;");
        policies.put("example.org", new PolicyStore.Stored("1", new StsPolicy(mode, List.of(mx), Duration.ofDays(9)), Instant.now()));
    }

    private NextHop find(String domain) {
        return nextHops(Map.of()).find(domain);
    }

    private Hosts hosts(String domain) {
        return hosts(find(domain));
    }

    private static Hosts hosts(NextHop found) {
        return assertInstanceOf(Hosts.class, found);
    }

    private NextHops nextHops(Map<String, DeliveryConfig.Route> routes) {
        // Whatever addresses the machine of the test has.
        AddressGuard guard = new AddressGuard(List.of(), address -> false);
        return new NextHops(dns, Optional.of(new MtaSts(dns, fetch, policies, InstantSource.system())), new StsReports(meters),
                new Routes(routes), guard, OURS, 25, random);
    }

    private static Host host(String name, String address) {
        return new Host(name, InetAddress.ofLiteral(address), 25);
    }
}
