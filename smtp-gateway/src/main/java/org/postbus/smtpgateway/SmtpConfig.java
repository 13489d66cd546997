package org.postbus.smtpgateway;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Configuration of the SMTP gateway. */
@ConfigMapping(prefix = "smtp")
public interface SmtpConfig {

    /** Address that the listeners bind. */
    @WithDefault("0.0.0.0")
    String host();

    /** Port for mail from other servers (MX); 0 takes any free one. */
    @WithDefault("2525")
    int port();

    /** Addresses and ranges whose connections to the MX begin with a header of the PROXY protocol; it is believed. */
    Optional<List<String>> proxies();

    /** Addresses and ranges whose clients may send to other servers through the MX, without a login; none by default, not even loopback. */
    Optional<List<String>> relayNetworks();

    /** Where the accounts of this server submit mail. */
    Submission submission();

    /** Name of the TLS configuration, {@code quarkus.tls.<name>}, that holds the certificates; without it nothing is encrypted. */
    @WithDefault("postbus")
    String tlsConfigurationName();

    /** Whether MAIL needs HELO or EHLO before it. Else a mail without tells so in X-Authentication-Warning. */
    @WithDefault("true")
    boolean requireHelo();

    /** The largest mail data, announced as SIZE (RFC 1870). */
    @WithDefault("50M")
    MemorySize maxMessageSize();

    /** Accepted recipients of one mail, 1000 at most; the next gets 452 4.5.3. */
    @WithDefault("1000")
    int maxRecipients();

    /** Mails of one session; 0 for any number. Loopback peers have no limit, here and in the next two. */
    @WithDefault("1000")
    int maxMailsPerSession();

    /** Mails that a client may begin in a minute, over all its sessions with this gateway; 0 for any number. */
    @WithDefault("600")
    int maxMailsPerMinute();

    /** Recipients that a client may name in a minute, likewise. */
    @WithDefault("6000")
    int maxRecipientsPerMinute();

    /** How long a session may last; it ends between two mails. */
    @WithDefault("4h")
    Duration maxSessionTime();

    /** How long a client may take for one command (RFC 5321, section 4.5.3.2.7). */
    @WithDefault("300s")
    Duration commandTimeout();

    /** The same while more than four in five connections are in use; a client may have a tenth of its connections then. */
    @WithDefault("30s")
    Duration crowdedCommandTimeout();

    /** How long a client may take for each KiB of mail data (RFC 5321, section 4.5.3.2.5). */
    @WithDefault("180s")
    Duration dataTimeout();

    /** How long a client may take for all of a mail's data. Parked chunks are given up long after it. */
    @WithDefault("1h")
    Duration maxDataTime();

    /** Mail data that all sessions together may hold in memory. */
    @WithDefault("64M")
    MemorySize dataBudget();

    /** Free space on each of Kafka's disks under which mail is refused with 452 4.3.1. */
    @WithDefault("512M")
    MemorySize minFreeDisk();

    /** Open connections in all. */
    @WithDefault("5000")
    int maxConnections();

    /** Open connections from one IPv4 address or IPv6 /64. */
    @WithDefault("500")
    int maxConnectionsPerAddress();

    /** Refusals of one client address that are told one by one in each minute; the rest become one summary. */
    @WithDefault("20")
    int refusalsPerSource();

    /** How long open transactions may go on when the gateway shuts down. */
    @WithDefault("15s")
    Duration drain();

    /** Who judges mail by its content before it is accepted. */
    Filter filter();

    /** Blocklists that the MX asks about each client. */
    Dnsbl dnsbl();

    /** A content filter sees each mail before its 250. */
    interface Filter {

        /** {@code http://host:port} of an Rspamd worker, or {@code milter://host:port}; without it there is no filter. */
        Optional<URI> url();

        /** How long the filter may take for its answer, and for taking each chunk of a large mail; a milter, for each answer. */
        @WithDefault("30s")
        Duration timeout();

        /** What becomes of a mail that the filter does not judge: {@code defer} (451 4.7.1) or {@code accept}. */
        @WithDefault("defer")
        OnFailure onFailure();

        /** Connections to an Rspamd at most, for mails of one chunk; larger ones have their own. */
        @WithDefault("16")
        int connections();
    }

    /** What becomes of a mail that nobody judged. */
    enum OnFailure { DEFER, ACCEPT }

    /** Blocklists by DNS (RFC 5782). A client that one of them lists gets 554 5.7.1 in place of the greeting. */
    interface Dnsbl {

        /** Zones, for example {@code zen.spamhaus.org}; without any nobody is asked. */
        Optional<List<String>> zones();

        /** Resolvers to ask, {@code address} or {@code address:port}; else those of the machine. */
        Optional<List<String>> servers();

        /** How long an answer may take. A list that does not answer lists nobody. */
        @WithDefault("2s")
        Duration timeout();
    }

    /** Submission: a client has to log in, and may use the addresses of its account only. */
    interface Submission {

        /** Port with STARTTLS (RFC 6409); 0 takes any free one, without it there is no such listener. */
        OptionalInt port();

        /** Port under TLS from the first octet (RFC 8314); 0 takes any free one, without it there is no such listener. */
        OptionalInt tlsPort();

        /** The same for the submission ports. */
        Optional<List<String>> proxies();

        /** Domain of a login name that has none. Without it a login takes the full address. */
        Optional<String> defaultDomain();

        /** Whether a client that is not this machine may log in over a connection in clear text. */
        @WithDefault("false")
        boolean allowClearText();

        /** Pause after the first refused login of a session; doubles with each further one. */
        @WithDefault("1s")
        Duration loginDelay();

        /** Connections to mailbox-service for logins. */
        @WithDefault("16")
        int questions();
    }
}
