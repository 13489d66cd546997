package org.postbus.delivery.relay;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.postbus.delivery.queue.Claims;
import org.postbus.delivery.queue.Claims.Postponed;
import org.postbus.delivery.queue.Outcome.Word;
import org.postbus.delivery.relay.Judgement.Answer;
import org.postbus.delivery.relay.Reach.Way;

/** The lines of all destinations: what is in hand goes into one, and back to the queue where that is too long. Safe for all threads. */
final class Lines {

    private static final Logger LOG = Logger.getLogger(Lines.class);
    private static final Word TOO_SLOW = Word.own("4.4.5", "the destination takes mail more slowly than it comes");
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final int concurrency;
    private final Connecting connecting;
    private final Hand hand;
    private final Judgement judgement;
    private final Recorder recorder;
    private final Claims claims;
    private final InstantSource clock;
    private final Map<String, Destination> destinations = new ConcurrentHashMap<>();

    /** @param concurrency sessions with one destination, at most */
    Lines(int concurrency, Connecting connecting, Hand hand, Judgement judgement, Recorder recorder, Claims claims,
            InstantSource clock) {
        this.concurrency = concurrency;
        this.connecting = connecting;
        this.hand = hand;
        this.judgement = judgement;
        this.recorder = recorder;
        this.claims = claims;
        this.clock = clock;
    }

    /** The line before which mail for that domain waits, if there is one. */
    Optional<Destination> known(String domain) {
        return Optional.ofNullable(destinations.get(connecting.line(domain)));
    }

    /** @param startSession with a destination whose line needs one more */
    void add(List<Transmission> transmissions, Consumer<Destination> startSession) {
        List<Transmission> full = new ArrayList<>();
        for (Transmission one : transmissions) {
            Destination destination = of(one);
            switch (destination.offer(one, clock.instant())) {
                case WAITS -> { }
                case WAITS_FOR_A_NEW_SESSION -> startSession.accept(destination);
                case CLOSED -> recorder.record(one, judgement.all(one, new Answer.NotTried(destination.why()),
                        "not tried: the destination could not be reached a moment ago"));
                case FULL -> full.add(one);
            }
        }
        pushBack(full);
    }

    private Destination of(Transmission one) {
        return destinations.computeIfAbsent(connecting.line(one.destination()),
                name -> new Destination(name, concurrency, hand, clock.instant()));
    }

    /** Shortens the lines of destinations that have become slow, and forgets those that have long not been used. */
    void sweep() {
        Instant now = clock.instant();
        destinations.values().forEach(destination -> pushBack(destination.surplus(now)));
        destinations.values().removeIf(destination -> destination.forgettable(now.minus(REMEMBERED)));
    }

    /** Those behind a long line come again when it is their turn; who has waited too long already is judged. */
    private void pushBack(List<Transmission> behind) {
        Map<UUID, List<Postponed>> pushedBack = new HashMap<>();
        List<Transmission> leaving = new ArrayList<>();
        for (Transmission one : behind) {
            Destination destination = of(one);
            Instant now = clock.instant();
            Word why = destination.way(now) == Way.OPEN ? TOO_SLOW : destination.why();
            if (judgement.isOverdue(one)) {
                recorder.record(one, judgement.all(one, new Answer.NotTried(why), ""));
            } else {
                Instant turn = destination.turn(now, one.size());
                List<Postponed> ofClaim = pushedBack.computeIfAbsent(one.claim(), claim -> new ArrayList<>());
                one.recipients().forEach(recipient -> ofClaim.add(new Postponed(recipient, turn, why)));
                leaving.add(one);
            }
        }
        pushedBack.forEach(this::release);
        leaving.forEach(recorder::forget);
    }

    private void release(UUID claim, List<Postponed> pushedBack) {
        try {
            claims.release(claim, pushedBack);
        } catch (SQLException e) {
            LOG.warnf("%d claims are not given back yet: %s", pushedBack.size(), e.getMessage());
        }
    }

    /** Nobody is to be served any more. */
    void close() {
        destinations.values().forEach(Destination::close);
    }
}
