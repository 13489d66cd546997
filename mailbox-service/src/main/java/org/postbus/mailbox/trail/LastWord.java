package org.postbus.mailbox.trail;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.postbus.events.TrailEvent;
import org.postbus.events.TrailStep;

/** The last that is known of a recipient of a mail. */
record LastWord(UUID mailId, String recipient, String finalRecipient, TrailStep step, String status, Instant at) {

    private static final Comparator<LastWord> BY_FINALITY = Comparator.comparingInt(LastWord::rank).thenComparing(LastWord::at);

    private record Key(UUID mailId, String recipient) implements Comparable<Key> {

        private static final Comparator<Key> ORDER = Comparator.comparing(Key::mailId).thenComparing(Key::recipient);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    /** One for each recipient of each mail, sorted, so that two instances never wait for each other. */
    static List<LastWord> of(Collection<TrailEvent> events) {
        Map<Key, LastWord> words = new TreeMap<>();
        for (TrailEvent event : events) {
            if (event.mailId().isEmpty()) {
                continue;
            }
            for (TrailEvent.Recipient recipient : event.recipients()) {
                LastWord word = word(event, recipient);
                words.merge(new Key(word.mailId, word.recipient), word, LastWord::later);
            }
        }
        return List.copyOf(words.values());
    }

    /** Services tell their steps on their own and by their own clocks: the step counts before the time. */
    short rank() {
        return switch (step) {
            case ACCEPTED -> 0;
            case EXPANDED, ROUTED -> 1;
            case DELAYED -> 2;
            case REFUSED, DELIVERED, FAILED, RELAYED -> 3;
            case RETRIEVED, DELETED -> 4;
        };
    }

    String stepName() {
        return step.name().toLowerCase(Locale.ROOT);
    }

    private static LastWord word(TrailEvent event, TrailEvent.Recipient recipient) {
        return new LastWord(event.mailId().orElseThrow(), TrailText.address(recipient.originalRecipient()),
                TrailText.address(recipient.finalRecipient()), event.step(), TrailText.of(recipient.status()), event.at());
    }

    private static LastWord later(LastWord one, LastWord other) {
        return BY_FINALITY.compare(one, other) > 0 ? one : other;
    }
}
