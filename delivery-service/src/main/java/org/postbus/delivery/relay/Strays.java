package org.postbus.delivery.relay;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.postbus.delivery.queue.Claims;
import org.postbus.delivery.queue.Claims.Name;

/**
 * Claims of this process that nothing in it knows of: they were committed and the answer to that was lost, or they could not be given
 * back. As long as the process lives no other would attempt them. Safe for all threads, but for one sweep at a time.
 *
 * <p>What is given back while it is in hand is sent twice. So a claim is a stray only if it was in nobody's hand at so many sweeps in
 * a row, and came into none between them: neither one whose outcome is recorded in the middle of a sweep, nor one whose recipient is
 * claimed anew between two, nor one whose commit is answered late.
 */
final class Strays {

    /** They take longer, 10 s from one to the next, than a connection waits for the answer to a commit (60 s). */
    static final int SWEEPS = 8;

    private static final Logger LOG = Logger.getLogger(Strays.class);

    private final Claims claims;
    private final Map<Name, Transmission> inHand = new HashMap<>();
    /** Came into hand or left it since the last sweep began. */
    private Set<Name> moved = new HashSet<>();
    private Suspects suspects = new Suspects(new UUID(0, 0), Map.of());

    /** @param sweeps at which a claim of that instance was in no hand, in a row */
    private record Suspects(UUID instance, Map<Name, Integer> sweeps) {

        Suspects without(Set<Name> names) {
            return new Suspects(instance, sweeps.entrySet().stream().filter(one -> !names.contains(one.getKey()))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        }

        /** After another sweep. A claim under an earlier id of this process says nothing about one under this id. */
        Suspects next(UUID now, Set<Name> unknown) {
            return new Suspects(now, unknown.stream().collect(Collectors.toMap(name -> name,
                    name -> now.equals(instance) ? sweeps.getOrDefault(name, 0) + 1 : 1)));
        }

        List<Name> strays() {
            return sweeps.entrySet().stream().filter(one -> one.getValue() >= SWEEPS).map(Map.Entry::getKey).toList();
        }
    }

    Strays(Claims claims) {
        this.claims = claims;
    }

    synchronized void taken(Transmission transmission) {
        transmission.recipients().stream().map(Name::of).forEach(name -> {
            inHand.put(name, transmission);
            moved.add(name);
        });
    }

    /** What was claimed again meanwhile stays in hand. */
    synchronized void done(Transmission transmission) {
        transmission.recipients().stream().map(Name::of).forEach(name -> {
            inHand.remove(name, transmission);
            moved.add(name);
        });
    }

    /** Gives back what has been a suspect for long enough. */
    void sweep(UUID instance) throws SQLException {
        begin();
        List<Name> strays = strays(instance, new HashSet<>(claims.held(instance)));
        if (!strays.isEmpty()) {
            LOG.infof("%d recipients return to the queue: the answer to their claim was lost", claims.giveBack(instance, strays));
        }
    }

    private synchronized void begin() {
        suspects = suspects.without(moved);
        moved = new HashSet<>();
    }

    /** Whether or not they can be given back, they are no suspects any more: they may be claimed anew. */
    private synchronized List<Name> strays(UUID instance, Set<Name> held) {
        held.removeAll(inHand.keySet());
        held.removeAll(moved);
        Suspects now = suspects.next(instance, held);
        List<Name> strays = now.strays();
        suspects = now.without(Set.copyOf(strays));
        return strays;
    }
}
