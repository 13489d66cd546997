package org.postbus.mailbox.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import org.postbus.consumer.Migrations;

/** The settings that mailbox-service shares with the other services. */
@ConfigMapping(prefix = "postbus")
public interface PlatformConfig {

    /** The name of this server in trace fields and Message-IDs; default: the machine's host name. */
    Optional<String> hostname();

    /**
     * Who migrates the schema: each process when it starts; this process alone, which ends with it; or somebody else, and the
     * service waits until the schema is new enough.
     */
    @WithDefault("start")
    Migrations.Mode migrate();

    /** The event log. */
    Events events();

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
