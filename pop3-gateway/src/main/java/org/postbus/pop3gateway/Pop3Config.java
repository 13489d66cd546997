package org.postbus.pop3gateway;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Settings of pop3-gateway alone. */
@ConfigMapping(prefix = "pop3")
public interface Pop3Config {

    /** Address that the listeners bind. */
    @WithDefault("0.0.0.0")
    String host();

    /** Port that begins in clear text, with STLS where there is a certificate; 0 takes any free one. */
    @WithDefault("2110")
    int port();

    /** Port under TLS from the first octet (RFC 8314); 0 takes any free one, without it there is no such listener. */
    OptionalInt tlsPort();

    /** Addresses and ranges whose connections begin with a header of the PROXY protocol, on both ports; it is believed. */
    Optional<List<String>> proxies();

    /** Name of the TLS configuration, {@code quarkus.tls.<name>}, that holds the certificates. */
    @WithDefault("postbus")
    String tlsConfigurationName();

    /** Event loops that serve connections; default: one for each processor. */
    Optional<Integer> loops();

    /** Domain of a login name that has none. Without it a login takes the full address. */
    Optional<String> defaultDomain();

    /** Whether a peer that is not this machine may log in over a connection in clear text. */
    @WithDefault("false")
    boolean allowClearText();

    /**
     * What a client that did not ask for UTF-8 mode (RFC 6856) gets of a mail whose sender's server announced header fields in
     * UTF-8 (RFC 6531): {@code refuse}, an error that says so, or {@code as-it-is}, the mail.
     */
    @WithDefault("refuse")
    InternationalMail internationalMail();

    /** What becomes of a message that the client may not be able to read. */
    enum InternationalMail { REFUSE, AS_IT_IS }

    /** Silence of a client after which its session ends without the UPDATE state (RFC 1939: at least 10 minutes). */
    @WithDefault("600s")
    Duration idleTimeout();

    /**
     * The same for a session without a login while more than four in five connections are in use; a client may have a tenth of
     * its connections then.
     */
    @WithDefault("30s")
    Duration crowdedIdleTimeout();

    /** How long a session may last; it ends between two commands, without the UPDATE state. */
    @WithDefault("12h")
    Duration maxSessionTime();

    /** How long a client may take nothing of what is sent before its session ends. */
    @WithDefault("120s")
    Duration writeTimeout();

    /**
     * How long mailbox-service may be silent before a question, or a message on its way, has failed. Opening a maildrop
     * may wait there for a password to be hashed and for deletions to be applied, 5 s each.
     */
    @WithDefault("15s")
    Duration answerTimeout();

    /** Pause after the first refused login of a session; doubles with each further one. */
    @WithDefault("1s")
    Duration loginDelay();

    /** Refusals of one client address that are told one by one in each minute; the rest become one summary. */
    @WithDefault("20")
    int refusalsPerSource();

    /** How long sessions may go on once the gateway is told to stop. */
    @WithDefault("10s")
    Duration drain();

    /** What bounds the gateway. */
    Limits limits();

    interface Limits {

        /** Open connections in all. */
        @WithDefault("5000")
        int connections();

        /** Open connections per IPv4 address or IPv6 /64. */
        @WithDefault("200")
        int connectionsPerAddress();

        /** Memory for the listings of open maildrops, 24 octets a message. */
        @WithDefault("64M")
        MemorySize listings();

        /**
         * Memory for messages fetched ahead of clients that read in order, at most 256 KiB a session; without it each
         * is fetched by itself.
         */
        @WithDefault("16M")
        MemorySize ahead();

        /** Memory for messages up to 64 KiB that were fetched in the last five minutes; 0 keeps none. */
        @WithDefault("32M")
        MemorySize recent();

        /** Memory for events on their way to Kafka. */
        @WithDefault("32M")
        MemorySize events();

        /** Connections to mailbox-service for questions. */
        @WithDefault("64")
        int questions();

        /** Connections to mailbox-service for messages; each slow reader holds one. */
        @WithDefault("128")
        int messages();
    }
}
