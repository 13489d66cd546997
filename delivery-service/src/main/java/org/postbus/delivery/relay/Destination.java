package org.postbus.delivery.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.postbus.delivery.queue.Outcome;
import org.postbus.delivery.relay.Reach.Way;

/**
 * The line before one destination: how many sessions serve it, and what its answers have taught. Sessions
 * and pace follow them: halved and slowed by a refusal that says "too much" (421, 4.7.x), grown again one by one by success; a
 * destination that cannot be reached is left alone for a while that doubles. Guarded by its own monitor.
 */
final class Destination {

    /** Recipients that wait in memory while nobody knows how fast the destination is: this part of what fits into it. */
    private static final int FIRST_PART = 10;
    /** The same of a suspect one. */
    private static final int SUSPECT_PART = 20;
    /** And at most, however fast it is: for more the queue is the better place. */
    private static final int MOST_PART = 4;
    /** A line holds what its destination takes in so many seconds. */
    private static final int SECONDS_IN_LINE = 5;
    /** Successes in a row that earn one session more. */
    private static final int SUCCESSES_FOR_ONE_MORE = 10;
    private static final Duration FAILURES_REMEMBERED = Duration.ofHours(12);
    /** One who takes longer for a mail is slow. */
    private static final Duration SLOW = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration MOST_PAUSE = Duration.ofSeconds(30);

    /** Sessions until it has taken a mail: nobody knows whether it is going to. */
    private static final int UNKNOWN_SESSIONS = 2;

    private final String name;
    private final int mostSessions;
    private final Hand hand;
    private final Line line;
    private final Reach reach = new Reach();
    private int allowed;
    private int sessions;
    private int connections;
    private int idle;
    private int successes;
    private boolean closing;
    private boolean known;
    private Duration pause = Duration.ZERO;
    private boolean slow;
    private Instant usedAt;
    private final Throughput throughput;
    private final Turns turns = new Turns();

    Destination(String name, int mostSessions, Hand hand, Instant now) {
        this.name = name;
        this.mostSessions = mostSessions;
        this.hand = hand;
        this.line = new Line(hand);
        this.allowed = mostSessions;
        this.usedAt = now;
        this.throughput = new Throughput(now);
    }

    String name() {
        return name;
    }

    /** What became of an offer. */
    enum Offer {
        /** It waits, and a session will take it. */
        WAITS,
        /** It waits, and the caller has to start a session for it. */
        WAITS_FOR_A_NEW_SESSION,
        /** The line is full. */
        FULL,
        /** The destination cannot be reached just now; {@link #why()} says what is known. */
        CLOSED
    }

    synchronized Way way(Instant now) {
        return reach.way(now, sessions > 0);
    }

    /** An operator asked then for an attempt: one is made, unless one has failed since. */
    synchronized void asked(Instant then, Instant now) {
        reach.asked(then, now);
    }

    synchronized Offer offer(Transmission transmission, Instant now) {
        usedAt = now;
        Way way = way(now);
        if (way == Way.CLOSED) {
            return Offer.CLOSED;
        }
        if (way == Way.IN_QUESTION) {
            return Offer.FULL;
        }
        if (sessions == 0) {
            throughput.begin(now);
        }
        if (!hasRoom(transmission.size(), now)) {
            return Offer.FULL;
        }
        if (way == Way.UNKNOWN) {
            reach.questioned(now);
        }
        line.add(transmission);
        if (needsSession()) {
            return Offer.WAITS_FOR_A_NEW_SESSION;
        }
        notify();
        return Offer.WAITS;
    }

    /** A transmission may be larger than the line is to be: it waits where no other does. And one is to show what a suspect is. */
    private boolean hasRoom(int more, Instant now) {
        boolean suspect = suspect(now);
        line.suspect(suspect);
        return (line.isEmpty() || line.recipients() + more <= room(now))
                && (!suspect || sessions == 0 || hand.hasRoomForSuspects(more));
    }

    private int room(Instant now) {
        OptionalDouble perSecond = throughput.perSecond(now);
        if (perSecond.isEmpty()) {
            return hand.part(suspect(now) ? SUSPECT_PART : FIRST_PART);
        }
        return Math.min(Math.max((int) (perSecond.getAsDouble() * SECONDS_IN_LINE), 2 * mostSessions), hand.part(MOST_PART));
    }

    /** Those at the end of the line for whom it has become too long: the destination takes mail more slowly than it did. */
    synchronized List<Transmission> surplus(Instant now) {
        line.suspect(suspect(now));
        return line.cut(room(now));
    }

    /** When so many more of those who found the line full should come again. */
    synchronized Instant turn(Instant now, int recipients) {
        return way(now) == Way.OPEN ? turns.next(now, recipients, line.recipients(), throughput.perSecond(now)) : reach.next(now);
    }

    /**
     * A transmission has an outcome.
     *
     * @param recipients of it
     * @param took       by the monotonic clock
     */
    synchronized void finished(Instant now, int recipients, Duration took) {
        slow = took.compareTo(SLOW) > 0;
        throughput.count(now, recipients);
        line.suspect(suspect(now));
        if (line.isEmpty()) {
            throughput.idle(now);
        }
    }

    /** A session is done with what {@link #next} gave it, however that ended. */
    void done(Transmission transmission) {
        hand.takeBack(transmission.size());
    }

    /** The next in line, for which a session waits a little; empty when it is to end, which {@link #ended} has counted. */
    synchronized Optional<Transmission> next(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        idle++;
        try {
            long left;
            while (line.isEmpty() && !closing && sessions <= mostNow() && (left = deadline - System.nanoTime()) > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } finally {
            idle--;
        }
        if (line.isEmpty() || sessions > mostNow()) {
            sessions--;
            // Whoever was woken for it may not be the one who may stay.
            notify();
            return Optional.empty();
        }
        Transmission first = line.take();
        hand.lend(first.size());
        return Optional.of(first);
    }

    /** A session ends in another way than by {@link #next}. */
    synchronized void ended() {
        sessions--;
    }

    /** Whether somebody waits whom no session is about to serve: the caller has to start one. */
    synchronized boolean needsSession() {
        if (line.transmissions() > idle && sessions < mostNow()) {
            sessions++;
            return true;
        }
        return false;
    }

    private int mostNow() {
        return known ? allowed : Math.min(allowed, UNKNOWN_SESSIONS);
    }

    /** A session has a connection, or knows that nobody will ever have one: the way is known, whatever comes of the mail. */
    synchronized void reached() {
        reach.found();
    }

    /** A session begins to connect; until {@link #disconnected} it counts among those that are, or may soon be, connected. */
    synchronized void connects() {
        connections++;
    }

    synchronized void disconnected() {
        connections--;
    }

    /**
     * A session got no connection. While others have one, or may get one, it may only have been one too many: its transmission goes
     * back to the head of the line, and there are fewer sessions from now on. The last one finds that nobody can be reached.
     */
    synchronized boolean takesNoMore(Transmission transmission) {
        if (connections == 0) {
            return false;
        }
        allowed = Math.min(allowed, connections);
        successes = 0;
        line.addFirst(transmission);
        notify();
        return true;
    }

    synchronized void succeeded() {
        known = true;
        reach.succeeded();
        pause = pause.compareTo(FIRST_PAUSE) < 0 ? Duration.ZERO : pause.multipliedBy(4).dividedBy(5);
        if (++successes >= SUCCESSES_FOR_ONE_MORE && allowed < mostSessions) {
            allowed++;
            successes = 0;
        }
    }

    /** It said that it gets too much. */
    synchronized void throttled() {
        notifyAll();
        successes = 0;
        allowed = Math.max(1, allowed / 2);
        pause = pause.isZero() ? FIRST_PAUSE : shorter(pause.multipliedBy(2), MOST_PAUSE);
    }

    /**
     * It cannot be reached: nobody is to try for a while.
     *
     * @return those who waited
     */
    synchronized List<Transmission> unreachable(Outcome.Word word, Instant now) {
        reach.failed(word, now);
        return line.drain();
    }

    /** Nobody is to be served any more. */
    synchronized void close() {
        closing = true;
        line.drain();
        notifyAll();
    }

    synchronized Outcome.Word why() {
        return reach.why();
    }

    /** How long a session waits between two mails. */
    synchronized Duration pause() {
        return pause;
    }

    /** Whether it did not answer the last time, has never taken a mail yet, takes long for one, or has finished none for a while. */
    synchronized boolean suspect(Instant now) {
        return reach.hasFailed() || !known || slow || throughput.perSecond(now).equals(Throughput.STALLED);
    }

    /** Whether there is nothing about it that is worth remembering. */
    synchronized boolean forgettable(Instant before) {
        return line.isEmpty() && sessions == 0 && usedAt.isBefore(reach.hasFailed() ? before.minus(FAILURES_REMEMBERED) : before)
                && !reach.isClosedSince(before);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
