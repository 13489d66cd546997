package org.postbus.delivery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of delivery-service alone. */
@ConfigMapping(prefix = "delivery")
public interface DeliveryConfig {

    /** How long one attempt waits for the directory to reach what judged a mail; attempts never end. */
    @WithDefault("5s")
    Duration directoryWait();

    /** Log time without a record of a large mail after which its route is forgotten. */
    @WithDefault("24h")
    Duration routeKeep();

    /** How the DNS is asked. */
    DnsSettings dns();

    /** Ways for the mail of single domains, by domain; {@code *} is for all that are not named. */
    Map<String, Route> routes();

    /** The policies that domains publish about TLS (RFC 8461). */
    MtaStsSettings mtaSts();

    /** Networks that may be connected to although they are private, loopback or this machine's own ({@code 10.0.0.0/8}). */
    Optional<List<String>> allowedNetworks();

    interface DnsSettings {

        /** Resolvers, {@code address} or {@code address:port}; default: the machine's. */
        Optional<List<String>> servers();
    }

    interface MtaStsSettings {

        /** Whether policies are looked up and obeyed. */
        @WithDefault("true")
        boolean enabled();
    }

    interface Route {

        /** The relay, a name or an address; without it the domain's mail hosts are asked for as ever. */
        Optional<String> host();

        /** Its port. */
        @WithDefault("25")
        int port();

        /** What TLS has to be; default: verify where a password is sent, require under implicit TLS, else opportunistic. */
        Optional<TlsDemand> tls();

        /** Whether TLS begins with the first octet (RFC 8314), without STARTTLS. */
        @WithDefault("false")
        boolean implicitTls();

        /** The login at the relay. */
        Optional<String> username();

        /** Its password. */
        Optional<String> password();
    }

    /** How much TLS a route asks for. */
    enum TlsDemand {
        /** If the host offers it, with any certificate. */
        OPPORTUNISTIC,
        /** With any certificate, and no mail without it. */
        REQUIRE,
        /** With a certificate that is trusted and names the host, and no mail without it. */
        VERIFY,
        /** Never. */
        NONE
    }
}
