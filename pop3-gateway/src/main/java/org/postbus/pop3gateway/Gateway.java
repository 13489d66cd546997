package org.postbus.pop3gateway;

import io.vertx.core.Vertx;
import org.postbus.events.Topics;
import org.postbus.gateway.ByteBudget;
import org.postbus.gateway.EventSender;
import org.postbus.protocol.pop3.Pop3Policy;

/** What all sessions of the gateway share. */
record Gateway(
        Vertx vertx,
        Pop3Config config,
        String hostname,
        Maildrops maildrops,
        EventSender events,
        ByteBudget listings,
        ByteBudget ahead,
        Pop3Metrics metrics) {

    /** Names the gateway in events. */
    static final String SERVICE = "pop3-gateway";

    /** @param trusted whether the peer may log in, whatever the configuration says of clear text */
    Pop3Policy policy(boolean trusted) {
        return new Pop3Policy(hostname, trusted || config.allowClearText(), config.loginDelay(),
                Topics.MAX_DELETIONS);
    }

    /** The full address that a login name means. */
    String address(String name) {
        return name.contains("@") ? name : config.defaultDomain().map(domain -> name + "@" + domain).orElse(name);
    }
}
