package org.postbus.systemtest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What clients were told, to be compared with what is there after every kill. A mail bears a token in its subject,
 * because one whose reply was lost has no id that its client knows.
 */
public final class Ledger {

    public enum Outcome {
        /** 250 after the end of data: exactly one copy for each recipient. */
        ACCEPTED,
        /** The end of data was sent and no reply came: at most one copy for each recipient. */
        UNKNOWN,
        /** The end of data was never sent, or a refusal came: no copy. */
        NOT_SENT
    }

    public record Mail(String token, Set<String> recipients, String body, Outcome outcome) {}

    /** One copy in a maildrop. */
    public record Copy(String recipient, String token, String body) {}

    private record Place(String recipient, String token) {}

    private final Map<String, Mail> mails = new ConcurrentHashMap<>();
    private final Set<Place> deleted = ConcurrentHashMap.newKeySet();
    /** The deletions of sessions whose QUIT got no reply: all of a session's or none. */
    private final Set<Set<Place>> perhapsDeleted = ConcurrentHashMap.newKeySet();

    public void sent(Mail mail) {
        mails.put(mail.token(), mail);
    }

    /** QUIT after DELE: {@code answered} whether +OK came. */
    public void quit(String recipient, List<String> tokens, boolean answered) {
        Set<Place> places = tokens.stream().map(token -> new Place(recipient, token)).collect(Collectors.toSet());
        if (answered) {
            deleted.addAll(places);
        } else {
            perhapsDeleted.add(places);
        }
    }

    public long accepted() {
        return mails.values().stream().filter(mail -> mail.outcome() == Outcome.ACCEPTED).count();
    }

    public long deletions() {
        return deleted.size();
    }

    /** Copies that must be there and are not. */
    public List<String> missing(List<Copy> found) {
        return missing(found, recipient -> true);
    }

    /** The same for some recipients. */
    public List<String> missing(List<Copy> found, Predicate<String> recipients) {
        Set<Place> excused = perhapsDeleted.stream().flatMap(Set::stream).collect(Collectors.toSet());
        excused.addAll(deleted);
        Set<Place> there = places(found);
        List<String> missing = new ArrayList<>();
        for (Mail mail : mails.values()) {
            for (String recipient : mail.recipients()) {
                Place place = new Place(recipient, mail.token());
                boolean due = recipients.test(recipient) && mail.outcome() == Outcome.ACCEPTED && !excused.contains(place);
                if (due && !there.contains(place)) {
                    missing.add(place.toString());
                }
            }
        }
        return missing;
    }

    /** Copies that must not be there: second ones, deleted ones, damaged ones, and those of mails never sent. */
    public List<String> wrong(List<Copy> found) {
        List<String> wrong = new ArrayList<>();
        Set<Place> seen = ConcurrentHashMap.newKeySet();
        for (Copy copy : found) {
            Place place = new Place(copy.recipient(), copy.token());
            Optional<Mail> mail = Optional.ofNullable(mails.get(copy.token()));
            if (mail.isEmpty() || mail.get().outcome() == Outcome.NOT_SENT) {
                wrong.add("never sent: " + place);
            } else if (!mail.get().recipients().contains(copy.recipient())) {
                wrong.add("not a recipient: " + place);
            } else if (!mail.get().body().equals(copy.body())) {
                wrong.add("damaged: " + place);
            }
            if (!seen.add(place)) {
                wrong.add("twice: " + place);
            }
            if (deleted.contains(place)) {
                wrong.add("came back: " + place);
            }
        }
        Set<Place> explained = perhapsDeleted.stream().filter(session -> session.stream().noneMatch(seen::contains))
                .flatMap(Set::stream).collect(Collectors.toSet());
        explained.addAll(deleted);
        for (Set<Place> session : perhapsDeleted) {
            boolean undone = session.stream().anyMatch(seen::contains);
            boolean done = session.stream().anyMatch(place -> !seen.contains(place) && !explained.contains(place));
            if (undone && done) {
                wrong.add("half of a session's deletions: " + session);
            }
        }
        return wrong;
    }

    private static Set<Place> places(List<Copy> copies) {
        return copies.stream().map(copy -> new Place(copy.recipient(), copy.token())).collect(Collectors.toSet());
    }
}
