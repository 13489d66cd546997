package org.postbus.pop3gateway;

import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.UUID;
import org.postbus.events.Topics;
import org.postbus.gateway.ByteBudget;
import org.postbus.gateway.EventSender;
import org.postbus.gateway.RefusalTrail;
import org.postbus.protocol.pop3.Pop3Policy;

/** What all sessions of the gateway share. */
record Gateway(
        Vertx vertx,
        Pop3Config config,
        String hostname,
        Maildrops maildrops,
        EventSender events,
        RefusalTrail refusals,
        ByteBudget listings,
        ByteBudget ahead,
        RecentMessages recent,
        boolean tls,
        Pop3Metrics metrics) {

    /** Names the gateway in events. */
    static final String SERVICE = "pop3-gateway";

    /** @param loopback whether the peer is this machine, whose clear text nobody reads */
    Pop3Policy policy(boolean loopback) {
        return new Pop3Policy(hostname, tls, loopback || config.allowClearText(), config.loginDelay(), Topics.MAX_DELETIONS);
    }

    /** Tells the trail; never a name or a password, which may have been mixed up. */
    void refused(Optional<UUID> session, String client, String why) {
        refusals.refused(RefusalTrail.Refusal.of(session, client, "POP3: " + why));
    }

    /** The full address that a login name means. */
    String address(String name) {
        return name.contains("@") ? name : config.defaultDomain().map(domain -> name + "@" + domain).orElse(name);
    }
}
