package org.postbus.delivery.relay;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.postbus.delivery.queue.Claims;
import org.postbus.delivery.queue.Claims.Postponed;
import org.postbus.delivery.queue.QueuedRecipient;

/**
 * One look at what is due: recipients of destinations that cannot be reached are postponed, but for one that is to find out
 * whether that still holds, or whether an operator is right who asks for an attempt, and for those who are to be told something.
 */
final class Triage implements Claims.Prospects {

    private final Function<String, Optional<Destination>> lines;
    private final Judgement judgement;
    private final Instant now;
    private final Set<Destination> asked = new HashSet<>();

    /** @param lines that are known, by the domain of a recipient */
    Triage(Function<String, Optional<Destination>> lines, Judgement judgement, Instant now) {
        this.lines = lines;
        this.judgement = judgement;
        this.now = now;
    }

    @Override
    public Optional<Postponed> postponed(QueuedRecipient due) {
        Optional<Destination> line = lines.apply(due.destination());
        line.ifPresent(known -> due.askedAt().ifPresent(then -> known.asked(then, now)));
        return judgement.isOverdue(due) ? Optional.empty() : line.flatMap(known -> postponed(due, known));
    }

    private Optional<Postponed> postponed(QueuedRecipient due, Destination line) {
        return switch (line.way(now)) {
            case OPEN -> Optional.empty();
            case UNKNOWN -> asked.add(line) ? Optional.empty() : Optional.of(until(line.turn(now, 1), due, line));
            case IN_QUESTION -> Optional.of(until(line.turn(now, 1), due, line));
            case CLOSED -> Optional.of(until(judgement.later(due), due, line));
        };
    }

    private static Postponed until(Instant then, QueuedRecipient due, Destination line) {
        return new Postponed(due, then, line.why());
    }
}
