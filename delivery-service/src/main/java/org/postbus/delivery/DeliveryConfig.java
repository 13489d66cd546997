package org.postbus.delivery;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
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

    /**
     * A file with secrets of at least 32 characters, one a line, under which private keys are kept: the first seals, each opens. Without
     * it nothing is signed.
     */
    Optional<Path> secretFile();

    /** How much is relayed at a time. */
    RelaySettings relay();

    /** When recipients are tried again, and for how long. */
    RetrySettings retry();

    /** How the DNS is asked. */
    DnsSettings dns();

    /** Ways for the mail of single domains, by domain; {@code *} is for all that are not named. */
    Map<String, Route> routes();

    /** The policies that domains publish about TLS (RFC 8461). */
    MtaStsSettings mtaSts();

    /** Networks that may be connected to although they are private, loopback or this machine's own ({@code 10.0.0.0/8}). */
    Optional<List<String>> allowedNetworks();

    interface RelaySettings {

        /** Whether mail for other servers is sent; if not, it waits in the queue. */
        @WithDefault("true")
        boolean enabled();

        /** Sessions of this instance with one destination; fewer while it says that it gets too much. */
        @WithDefault("20")
        int concurrency();

        /** Sessions of this instance with known destinations; suspect ones, and those not known yet, share half as many beside them. */
        @WithDefault("500")
        int maxSessions();

        /** Recipients that wait in this instance's memory at a time; those that are being sent come on top, up to 100 a session. */
        @WithDefault("10000")
        int maxRecipients();

        /** Octets of new mail that is relayed from memory, without being read from PostgreSQL again. */
        @WithDefault("64M")
        MemorySize memory();

        /** How long a connection may take to be made. */
        @WithDefault("30s")
        Duration connectTimeout();

        /** What one mail, or the greeting before it, may take in all, whatever RFC 5321 lets a remote draw out. */
        @WithDefault("1h")
        Duration mailTimeout();

        /** The port of the mail hosts of domains; another one is for tests. */
        @WithDefault("25")
        int port();
    }

    interface RetrySettings {

        /** The first wait; it grows with the age of the mail. */
        @WithDefault("5m")
        Duration first();

        /** The longest wait. */
        @WithDefault("4h")
        Duration most();

        /** The wait after the first temporary refusal of a recipient or a mail, as greylisting servers give it. */
        @WithDefault("1m")
        Duration quick();

        /** How long a recipient is tried. */
        @WithDefault("5d")
        Duration expiry();

        /** After how long the reverse-path is told that a mail is delayed. */
        @WithDefault("4h")
        Duration notice();
    }

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
