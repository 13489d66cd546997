package org.postbus.delivery.nexthop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postbus.delivery.DeliveryConfig;
import org.postbus.delivery.DeliveryConfig.TlsDemand;
import org.postbus.delivery.tlspolicy.TlsPolicy;

class RoutesTest {

    private static final String SECRET = "correct horse";

    @Test
    void a_domain_has_its_own_route_or_that_of_all_others() {
        Routes routes = new Routes(Map.of("*", RouteOf.host("smart.example"), "Bücher.example", RouteOf.host("books.example")));
        assertEquals("books.example", relay(routes.of("xn--bcher-kva.example")).host());
        assertEquals("smart.example", relay(routes.of("example.org")).host());
        assertEquals("smart.example", relay(routes.of("sub.xn--bcher-kva.example")).host());
    }

    @Test
    void a_demand_alone_leaves_the_way_to_the_mail_hosts() {
        Routes routes = new Routes(Map.of("*", RouteOf.host("smart.example"),
                "example.org", RouteOf.mailHosts().with(TlsDemand.REQUIRE)));
        assertEquals(new Route.MailHosts(Optional.of(new TlsPolicy.Required())), routes.of("example.org"));
        assertEquals(new Route.MailHosts(Optional.empty()), new Routes(Map.of()).of("example.org"));
    }

    @Test
    void what_is_not_said_is_as_safe_as_it_can_be() {
        assertEquals(new TlsPolicy.Opportunistic(false), policy(RouteOf.host("h.example")));
        assertEquals(new TlsPolicy.Required(), policy(RouteOf.host("h.example").withImplicitTls()));
        assertEquals(new TlsPolicy.Required(), policy(RouteOf.host("h.example").withImplicitTls().with(TlsDemand.OPPORTUNISTIC)));
        assertEquals(new TlsPolicy.Verified(TlsPolicy.Source.CONFIGURED), policy(RouteOf.host("h.example").withLogin("a", SECRET)));
        assertEquals(new TlsPolicy.Clear(), policy(RouteOf.host("127.0.0.1").with(TlsDemand.NONE)));
    }

    @ParameterizedTest
    @MethodSource
    void what_cannot_be_meant_is_refused_and_tells_no_password(DeliveryConfig.Route route) {
        String message = assertThrows(IllegalArgumentException.class, () -> new Routes(Map.of("example.org", route))).getMessage();
        assertFalse(message.contains(SECRET), message);
    }

    static Stream<RouteOf> what_cannot_be_meant_is_refused_and_tells_no_password() {
        return Stream.of(RouteOf.mailHosts().withLogin("a", SECRET), RouteOf.mailHosts().withImplicitTls(),
                RouteOf.host("h.example").withImplicitTls().with(TlsDemand.NONE),
                RouteOf.host("h.example").withLogin("a", SECRET).with(TlsDemand.NONE),
                RouteOf.host("192.0.2.1").withLogin("a", SECRET).with(TlsDemand.OPPORTUNISTIC),
                RouteOf.host("127.0.0.1").withLogin("a", SECRET).with(TlsDemand.NONE),
                new RouteOf(Optional.of("h.example"), 25, Optional.empty(), false, Optional.empty(), Optional.of(SECRET)));
    }

    @Test
    void nothing_that_is_printed_bears_the_password() {
        Route route = new Routes(Map.of("*", RouteOf.host("h.example").withLogin("anna", SECRET))).of("example.org");
        assertEquals(SECRET, relay(route).auth().orElseThrow().password());
        assertFalse(route.toString().contains(SECRET), route::toString);
    }

    @Test
    void routes_are_read_as_the_operator_writes_them() {
        DeliveryConfig config = new SmallRyeConfigBuilder().withMapping(DeliveryConfig.class)
                .withConverter(Duration.class, 100, new DurationConverter())
                .withConverter(MemorySize.class, 100, new MemorySizeConverter()).withSources(new PropertiesConfigSource(Map.of(
                "delivery.routes.\"*\".host", "smart.example", "delivery.routes.\"*\".port", "587",
                "delivery.routes.\"*\".username", "anna", "delivery.routes.\"*\".password", SECRET,
                "delivery.routes.\"example.org\".tls", "verify", "delivery.routes.\"b.example\".host", "relay.b.example",
                "delivery.routes.\"b.example\".implicit-tls", "true"), "test", 1)).build().getConfigMapping(DeliveryConfig.class);
        Routes routes = new Routes(config.routes());
        assertEquals(587, relay(routes.of("elsewhere.example")).port());
        assertEquals(new Route.MailHosts(Optional.of(new TlsPolicy.Verified(TlsPolicy.Source.CONFIGURED))), routes.of("example.org"));
        assertEquals(new Route.Relay("b.example", "relay.b.example", 25, new TlsPolicy.Required(), true, Optional.empty()),
                routes.of("b.example"));
    }

    private static TlsPolicy policy(DeliveryConfig.Route route) {
        return relay(new Routes(Map.of("*", route)).of("example.org")).policy();
    }

    private static Route.Relay relay(Route route) {
        return assertInstanceOf(Route.Relay.class, route);
    }
}
