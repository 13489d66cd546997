package org.postbus.delivery.relay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What waits before a destination, counted in recipients: a transmission is one of them, or a hundred. Guarded by its destination's
 * monitor.
 */
final class Line {

    private final Hand hand;
    private final Deque<Transmission> waiting = new ArrayDeque<>();
    private int recipients;
    private boolean suspect;

    Line(Hand hand) {
        this.hand = hand;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int transmissions() {
        return waiting.size();
    }

    int recipients() {
        return recipients;
    }

    /** What waits here counts among what waits for suspect destinations, or does so no longer. */
    void suspect(boolean now) {
        if (now != suspect) {
            hand.suspects(now ? recipients : -recipients);
            suspect = now;
        }
    }

    void add(Transmission last) {
        waiting.addLast(last);
        count(last.size());
    }

    void addFirst(Transmission first) {
        waiting.addFirst(first);
        count(first.size());
    }

    /** The first; there is one. */
    Transmission take() {
        Transmission first = waiting.removeFirst();
        count(-first.size());
        return first;
    }

    /** Ends behind so many recipients; the first one stays in any case. */
    List<Transmission> cut(int most) {
        List<Transmission> tail = new ArrayList<>();
        while (recipients > most && waiting.size() > 1) {
            Transmission last = waiting.removeLast();
            count(-last.size());
            tail.addFirst(last);
        }
        return tail;
    }

    /** Everything leaves it. */
    List<Transmission> drain() {
        List<Transmission> all = new ArrayList<>(waiting);
        waiting.clear();
        count(-recipients);
        return all;
    }

    private void count(int more) {
        recipients += more;
        if (suspect) {
            hand.suspects(more);
        }
    }
}
