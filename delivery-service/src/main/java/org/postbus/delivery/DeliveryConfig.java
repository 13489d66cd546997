package org.postbus.delivery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The settings of delivery-service alone. */
@ConfigMapping(prefix = "delivery")
public interface DeliveryConfig {

    /** How long one attempt waits for the directory to reach what judged a mail; attempts never end. */
    @WithDefault("5s")
    Duration directoryWait();

    /** Log time without a record of a large mail after which its route is forgotten. */
    @WithDefault("24h")
    Duration routeKeep();
}
