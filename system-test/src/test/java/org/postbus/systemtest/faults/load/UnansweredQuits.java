package org.postbus.systemtest.faults.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.postbus.systemtest.faults.report.Invariant;
import org.postbus.systemtest.faults.report.Tally;

/** Sessions whose QUIT got no reply: each deleted all that it was asked to, or nothing. Safe for all threads. */
public final class UnansweredQuits {

    private final Queue<Set<Place>> sessions = new ConcurrentLinkedQueue<>();

    void add(List<Place> deletions) {
        sessions.add(Set.copyOf(deletions));
    }

    /**
     * I7, once for each session. What is gone is deleted from now on, what is there is as if its deletion had never been asked for.
     * Two sessions may have asked for the same message: those that may have done all are taken to have done it first, so that what
     * they deleted says nothing about the others.
     */
    public void judge(Set<Place> found, Tally tally) {
        List<Set<Place>> partly = new ArrayList<>();
        for (Set<Place> session = sessions.poll(); session != null; session = sessions.poll()) {
            if (session.stream().anyMatch(found::contains)) {
                partly.add(session);
            } else {
                session.forEach(Place::deleted);
                tally.trials(Invariant.I7, 1);
            }
        }
        for (Set<Place> session : partly) {
            Set<Place> gone = session.stream().filter(place -> !found.contains(place) && !place.isDeleted()).collect(Collectors.toSet());
            tally.trial(Invariant.I7, gone.isEmpty(), "not all of " + session + " is gone, but " + gone);
        }
    }
}
