package org.postbus.delivery.nexthop;

import java.util.List;
import java.util.Optional;
import org.postbus.delivery.tlspolicy.TlsPolicy;

/** Where mail for a domain goes now. Texts are printable ASCII; statuses are those of RFC 3463. */
public sealed interface NextHop {

    /**
     * @param hosts       to be tried in this order, at least one
     * @param auth        the login, which needs TLS
     * @param implicitTls whether TLS begins with the first octet
     * @param policy      what TLS has to be, at each host
     */
    record Hosts(List<Host> hosts, Optional<RelayAuth> auth, boolean implicitTls, TlsPolicy policy) implements NextHop {

        public Hosts {
            hosts = List.copyOf(hosts);
        }
    }

    /** The domain takes no mail at all (RFC 7505): permanent. */
    record Refuses(int code, String status, String text) implements NextHop {
    }

    /** There is no such place, or none that mail may be sent to: permanent. */
    record Nowhere(String status, String text) implements NextHop {
    }

    /** Nobody can say now: to be tried again. */
    record Unknown(String status, String text) implements NextHop {
    }
}
