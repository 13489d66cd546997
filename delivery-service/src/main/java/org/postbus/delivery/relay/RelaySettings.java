package org.postbus.delivery.relay;

import org.postbus.delivery.DeliveryConfig;
import org.postbus.delivery.queue.RetryTimes;

/**
 * What the relay goes by.
 *
 * @param hostname of this server, for EHLO
 * @param instance under which no other process runs at a time; empty for none
 */
public record RelaySettings(String hostname, String instance, DeliveryConfig config, RetryTimes times) {

    /** @throws IllegalArgumentException with these nothing would ever be sent */
    public RelaySettings {
        if (config.relay().concurrency() < 1 || config.relay().maxSessions() < 1 || config.relay().maxRecipients() < 1) {
            throw new IllegalArgumentException("delivery.relay.concurrency, .max-sessions and .max-recipients are 1 at least");
        }
    }
}
