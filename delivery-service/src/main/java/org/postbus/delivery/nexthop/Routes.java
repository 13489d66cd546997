package org.postbus.delivery.nexthop;

import static org.postbus.delivery.DeliveryConfig.TlsDemand.NONE;
import static org.postbus.delivery.DeliveryConfig.TlsDemand.OPPORTUNISTIC;
import static org.postbus.delivery.DeliveryConfig.TlsDemand.REQUIRE;
import static org.postbus.delivery.DeliveryConfig.TlsDemand.VERIFY;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.postbus.delivery.DeliveryConfig;
import org.postbus.delivery.DeliveryConfig.TlsDemand;
import org.postbus.delivery.tlspolicy.TlsPolicy;
import org.postbus.protocol.address.International;

/** The routes of the configuration, by domain in A-labels. What contradicts itself is refused at the start. */
final class Routes {

    private static final String ALL_OTHERS = "*";

    private final Map<String, Route> byDomain = new HashMap<>();

    /** @throws IllegalArgumentException where a route cannot be meant so; the message bears no password */
    Routes(Map<String, DeliveryConfig.Route> config) {
        config.forEach((key, route) -> byDomain.put(aLabels(key), read(key, route)));
    }

    /** @param domain in A-labels and lower case, or an address literal */
    Route of(String domain) {
        return Optional.ofNullable(byDomain.get(domain)).or(() -> Optional.ofNullable(byDomain.get(ALL_OTHERS)))
                .orElseGet(() -> new Route.MailHosts(Optional.empty()));
    }

    private static String aLabels(String key) {
        return International.aLabels(key).orElseThrow(() -> refused(key, "is no domain"));
    }

    private static Route read(String key, DeliveryConfig.Route route) {
        if (route.username().isPresent() != route.password().isPresent()) {
            throw refused(key, "needs a user name and a password, or none of the two");
        }
        if (route.host().isEmpty()) {
            if (route.username().isPresent() || route.implicitTls()) {
                throw refused(key, "has no host");
            }
            return new Route.MailHosts(route.tls().map(Routes::policy));
        }
        return new Route.Relay(key, route.host().get(), route.port(), policy(demand(key, route)), route.implicitTls(),
                route.username().map(name -> new RelayAuth(name, route.password().orElseThrow())));
    }

    private static TlsDemand demand(String key, DeliveryConfig.Route route) {
        boolean password = route.password().isPresent();
        TlsDemand demand = route.tls().orElse(password ? VERIFY : route.implicitTls() ? REQUIRE : OPPORTUNISTIC);
        if (route.implicitTls() && demand == NONE) {
            throw refused(key, "has TLS from the first octet and none");
        }
        if (password && (demand == NONE || demand == OPPORTUNISTIC)) {
            throw refused(key, "would send a password in clear text: set .tls to verify or require");
        }
        return route.implicitTls() && demand == OPPORTUNISTIC ? REQUIRE : demand;
    }

    /** The address that a host is configured as; empty where it is a name. */
    static Optional<InetAddress> address(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static TlsPolicy policy(TlsDemand demand) {
        return switch (demand) {
            case OPPORTUNISTIC -> new TlsPolicy.Opportunistic(false);
            case REQUIRE -> new TlsPolicy.Required();
            case VERIFY -> new TlsPolicy.Verified(TlsPolicy.Source.CONFIGURED);
            case NONE -> new TlsPolicy.Clear();
        };
    }

    private static IllegalArgumentException refused(String key, String why) {
        return new IllegalArgumentException("delivery.routes.\"" + key + "\" " + why);
    }
}
