package org.postbus.delivery.nexthop;

import java.util.Optional;
import org.postbus.delivery.DeliveryConfig;
import org.postbus.delivery.DeliveryConfig.TlsDemand;

/** A route of the configuration, as tests write it. */
record RouteOf(Optional<String> host, int port, Optional<TlsDemand> tls, boolean implicitTls, Optional<String> username,
        Optional<String> password) implements DeliveryConfig.Route {

    static RouteOf host(String host) {
        return new RouteOf(Optional.of(host), 25, Optional.empty(), false, Optional.empty(), Optional.empty());
    }

    static RouteOf mailHosts() {
        return new RouteOf(Optional.empty(), 25, Optional.empty(), false, Optional.empty(), Optional.empty());
    }

    RouteOf withPort(int port) {
        return new RouteOf(host, port, tls, implicitTls, username, password);
    }

    RouteOf with(TlsDemand demand) {
        return new RouteOf(host, port, Optional.of(demand), implicitTls, username, password);
    }

    RouteOf withImplicitTls() {
        return new RouteOf(host, port, tls, true, username, password);
    }

    RouteOf withLogin(String username, String password) {
        return new RouteOf(host, port, tls, implicitTls, Optional.of(username), Optional.of(password));
    }
}
