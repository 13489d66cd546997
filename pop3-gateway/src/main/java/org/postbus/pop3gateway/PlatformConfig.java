package org.postbus.pop3gateway;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** The settings that pop3-gateway shares with the other services. */
@ConfigMapping(prefix = "postbus")
public interface PlatformConfig {

    /** The name of this server in the greeting; default: the machine's host name. */
    Optional<String> hostname();

    /** Where mailbox-service answers the internal API. */
    @WithDefault("http://localhost:8080")
    URI internalUrl();

    /** File with the bearer token of the internal API. */
    Optional<Path> internalTokenFile();

    /**
     * PEM file with the certificates of those who may have signed mailbox-service's, where the URL is https. Default: those that
     * the JVM trusts. Read at the start.
     */
    Optional<Path> internalCaFile();

    /** The event log. */
    Events events();

    interface Events {

        /** Whether the topics' settings are verified at start; a topic that could lose what QUIT promised stops the service. */
        @WithDefault("true")
        boolean verify();

        /** Replicas that each partition must have at least; 1 on one machine. */
        @WithDefault("3")
        int replicas();
    }
}
