package org.postbus.delivery.relay;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.postbus.delivery.queue.Claims;
import org.postbus.delivery.queue.Claims.Name;

/**
 * Claims of this process that nothing in it knows of: they were committed and the answer to that was lost, or they could not be given
 * back. As long as the process lives no other would attempt them. Safe for all threads, but for one sweep at a time.
 */
final class Strays {

    private static final Logger LOG = Logger.getLogger(Strays.class);

    private final Claims claims;
    private final Map<Name, Transmission> inHand = new ConcurrentHashMap<>();
    private Set<Name> suspects = Set.of();

    Strays(Claims claims) {
        this.claims = claims;
    }

    void taken(Transmission transmission) {
        transmission.recipients().forEach(recipient -> inHand.put(Name.of(recipient), transmission));
    }

    /** What was claimed again meanwhile stays in hand. */
    void done(Transmission transmission) {
        transmission.recipients().forEach(recipient -> inHand.remove(Name.of(recipient), transmission));
    }

    /** Gives back what was unknown at the sweep before too: what is claimed only just now is not in hand yet. */
    void sweep(UUID instance) throws SQLException {
        Set<Name> unknown = new HashSet<>(claims.held(instance));
        unknown.removeAll(inHand.keySet());
        List<Name> strays = unknown.stream().filter(suspects::contains).toList();
        suspects = unknown;
        if (!strays.isEmpty()) {
            LOG.infof("%d recipients return to the queue: the answer to their claim was lost", claims.giveBack(instance, strays));
        }
    }
}
