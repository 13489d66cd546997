package org.postbus.delivery.nexthop;

import java.util.Optional;
import org.postbus.delivery.tlspolicy.TlsPolicy;

/** The way that the configuration gives a domain. */
sealed interface Route {

    /** @param name the key of the configuration that it stands under */
    record Relay(String name, String host, int port, TlsPolicy policy, boolean implicitTls, Optional<RelayAuth> auth)
            implements Route {
    }

    /** To the domain's own mail hosts. @param policy instead of what the domain publishes */
    record MailHosts(Optional<TlsPolicy> policy) implements Route {
    }
}
