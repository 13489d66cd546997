package org.postbus.smtpgateway;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Configuration of the SMTP gateway. */
@ConfigMapping(prefix = "smtp")
public interface SmtpConfig {

    /** Address that the listener binds. */
    @WithDefault("0.0.0.0")
    String host();

    /** Port that the listener binds; 0 takes any free one. */
    @WithDefault("2525")
    int port();

    /** Whether MAIL needs HELO or EHLO before it. Else a mail without tells so in X-Authentication-Warning. */
    @WithDefault("true")
    boolean requireHelo();

    /** The largest mail data, announced as SIZE (RFC 1870). */
    @WithDefault("50M")
    MemorySize maxMessageSize();

    /** Accepted recipients of one mail, 1000 at most; the next gets 452 4.5.3. */
    @WithDefault("1000")
    int maxRecipients();

    /** How long a client may take for one command (RFC 5321, section 4.5.3.2.7). */
    @WithDefault("300s")
    Duration commandTimeout();

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
}
