package org.postbus.delivery.relay;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.postbus.delivery.dsn.Diagnostic;
import org.postbus.delivery.queue.Attempt;
import org.postbus.delivery.queue.Outcome;
import org.postbus.delivery.queue.Outcome.Fate;
import org.postbus.delivery.queue.Outcome.Word;
import org.postbus.delivery.queue.QueuedRecipient;
import org.postbus.delivery.queue.RetryTimes;

/** Says what follows from an answer: who is done, who has failed, who is tried again and when, and who is told. */
final class Judgement {

    private static final String EXPIRED = "5.4.7";

    private final RetryTimes times;
    private final InstantSource clock;

    Judgement(RetryTimes times, InstantSource clock) {
        this.times = times;
        this.clock = clock;
    }

    /** What one recipient met with. */
    sealed interface Answer {

        Word word();

        record Taken(Word word, boolean remoteTells) implements Answer {
        }

        record Refused(Word word) implements Answer {
        }

        /** @param passesByItself whether a short wait may do, as with greylisting */
        record NotNow(Word word, boolean passesByItself) implements Answer {
        }

        /** Nobody was asked: it is known that there is no use in it just now. */
        record NotTried(Word word) implements Answer {
        }
    }

    /** The same answer for all of its recipients. */
    Attempt all(Transmission transmission, Answer answer, String detail) {
        return each(transmission, recipient -> answer, Optional.empty(), detail);
    }

    Attempt each(Transmission transmission, Function<QueuedRecipient, Answer> answers, Optional<byte[]> first, String detail) {
        Instant now = clock.instant();
        List<Outcome> outcomes = transmission.recipients().stream()
                .map(recipient -> outcome(transmission, recipient, answers.apply(recipient), now)).toList();
        // Until it is recorded it is in memory, and what was claimed is counted nowhere: only a notification needs the mail.
        Attempt without = new Attempt(transmission.mail(), outcomes, now, Optional.empty(), detail);
        return without.isReported() ? new Attempt(transmission.mail(), outcomes, now, transmission.octets().or(() -> first), detail) : without;
    }

    /** Whether one of its recipients has waited so long that somebody is to be told. */
    boolean isOverdue(Transmission transmission) {
        return transmission.recipients().stream().anyMatch(this::isOverdue);
    }

    boolean isOverdue(QueuedRecipient recipient) {
        Instant now = clock.instant();
        return times.tells(recipient, now) || times.longExpired(recipient, now);
    }

    /** When one who is not tried now is to be tried. */
    Instant later(QueuedRecipient recipient) {
        return times.next(recipient, clock.instant(), false);
    }

    private Outcome outcome(Transmission transmission, QueuedRecipient recipient, Answer answer, Instant now) {
        return switch (answer) {
            case Answer.Taken taken -> new Outcome(transmission.claim(), recipient, new Outcome.Relayed(taken.remoteTells()), taken.word());
            case Answer.Refused refused -> new Outcome(transmission.claim(), recipient, new Outcome.Failed(), refused.word());
            case Answer.NotNow notNow -> later(transmission, recipient, notNow.word(), now, true, notNow.passesByItself());
            case Answer.NotTried notTried -> later(transmission, recipient, notTried.word(), now, false, false);
        };
    }

    private Outcome later(Transmission transmission, QueuedRecipient recipient, Word word, Instant now, boolean attempted,
            boolean quickly) {
        // Who was never asked when the time was over is asked once more: that destination, or this server, was away just then.
        if (attempted ? times.expired(recipient, now) : times.longExpired(recipient, now)) {
            return new Outcome(transmission.claim(), recipient, new Outcome.Failed(), expired(word));
        }
        Fate fate = new Outcome.Delayed(times.next(recipient, now, quickly), attempted, times.tells(recipient, now));
        return new Outcome(transmission.claim(), recipient, fate, word);
    }

    /** The last that was said stays the reason: it is what a person can do something about. */
    private static Word expired(Word last) {
        return new Word(EXPIRED, last.remoteMta(), last.diagnostic().type() == Diagnostic.Type.SMTP ? last.diagnostic()
                : Diagnostic.own("tried for too long; last: " + last.diagnostic().text()));
    }
}
