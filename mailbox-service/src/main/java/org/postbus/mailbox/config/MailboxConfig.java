package org.postbus.mailbox.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of mailbox-service alone. */
@ConfigMapping(prefix = "mailbox")
public interface MailboxConfig {

    /** Domains, accounts and aliases on the event log. */
    Directory directory();

    /** Passwords. */
    Credentials credentials();

    /** Mail of other servers. */
    Imports imports();

    /** How long the trail of a mail is kept for search. */
    @WithDefault("90d")
    Duration trailKeep();

    /** How long a dead letter is kept for replay. */
    @WithDefault("90d")
    Duration deadLetterKeep();

    interface Directory {

        /** How long a change waits for Kafka's acknowledgement before it is answered 202. */
        @WithDefault("3s")
        Duration acknowledgeWithin();
    }

    interface Credentials {

        /**
         * Password hashes computed at a time, each 19 MiB of heap; one of another server that takes more takes the turns of
         * several, or all of them, and up to 256 MiB. Default: one for each processor.
         */
        Optional<Integer> concurrency();

        /** How long a login waits for its turn to be hashed before it is answered 503. */
        @WithDefault("5s")
        Duration patience();

        /** How long a password that was right is known again without hashing it; 0 turns that off. */
        @WithDefault("10m")
        Duration remember();

        /** Accounts whose right password is remembered. */
        @WithDefault("10000")
        int rememberAtMost();

        /** Wrong passwords for one account within the window, after which none is judged until its end; 0 for no limit. */
        @WithDefault("20")
        int failuresPerAccount();

        /** Wrong passwords from one IPv4 address or IPv6 /64, likewise. */
        @WithDefault("100")
        int failuresPerClient();

        /** The window, which begins with its first wrong password. */
        @WithDefault("15m")
        Duration failureWindow();
    }

    interface Imports {

        /** Octets of a mail that is imported, at most. */
        @WithDefault("50M")
        MemorySize maxMessageSize();
    }
}
