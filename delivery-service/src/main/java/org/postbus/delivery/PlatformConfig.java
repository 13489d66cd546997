package org.postbus.delivery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.postbus.consumer.Migrations;

/** The settings that delivery-service shares with the other services. */
@ConfigMapping(prefix = "postbus")
public interface PlatformConfig {

    /** The name of this server in delivery status notifications; default: the machine's host name. */
    Optional<String> hostname();

    /**
     * Who migrates the schema: each process when it starts; this process alone, which ends with it; or somebody else, and the
     * service waits until the schema is new enough.
     */
    @WithDefault("start")
    Migrations.Mode migrate();

    /** Forwarding to other servers. */
    Srs srs();

    /** The event log. */
    Events events();

    interface Srs {

        /**
         * File with the secret of rewritten reverse-paths, at least 32 characters, the same for smtp-gateway; further lines still
         * verify. Without it mail is forwarded with the reverse-path that it came with.
         */
        Optional<Path> secretFile();
    }

    interface Events {

        /** How long records that every consumer has passed stay in the topics. */
        @WithDefault("7d")
        Duration keep();

        /** Whether the topics' settings are verified at start; a topic that could lose mail stops the service. */
        @WithDefault("true")
        boolean verify();

        /** Replicas that each partition must have at least; 1 on one machine. */
        @WithDefault("3")
        int replicas();
    }
}
