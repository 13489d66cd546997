package org.postbus.systemtest.faults.load;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.postbus.systemtest.faults.report.Invariant;
import org.postbus.systemtest.faults.report.Tally;

/** What SMTP and POP3 clients were told, through all faults of a run. Safe for all threads. */
public final class FaultLedger {

    private record Key(String account, String item) {}

    private final Map<String, Mail> mails = new ConcurrentHashMap<>();
    private final Queue<Mail> unjudged = new ConcurrentLinkedQueue<>();
    private final Set<String> acceptedIds = ConcurrentHashMap.newKeySet();
    private final Map<Key, Place> places = new ConcurrentHashMap<>();
    /** By account and unique-id: what it ever stood for. */
    private final Map<Key, String> uniqueIds = new ConcurrentHashMap<>();
    /** By token and recipient: the notifications that tell of it. */
    private final Map<Key, Set<Place>> notifications = new ConcurrentHashMap<>();
    /** By token and recipient: what servers elsewhere have taken, in that order. */
    private final Map<Key, List<RemoteCopy>> remoteCopies = new ConcurrentHashMap<>();
    private final UnansweredQuits unansweredQuits = new UnansweredQuits();
    private final AtomicLong tokens = new AtomicLong();
    private final AtomicLong deletions = new AtomicLong();
    /** From when to when the database forgot what it had recorded, by {@link System#nanoTime}. */
    private final Queue<Span> forgotten = new ConcurrentLinkedQueue<>();
    private volatile Tally tally;
    private volatile boolean gentle;
    private volatile boolean faultOn;

    private record Span(long begin, long end) {}

    /**
     * What happens from now on counts for this fault.
     *
     * @param gentleFault whether whatever ends does so in good order, and no client may notice
     */
    public void begin(Tally current, boolean gentleFault) {
        tally = current;
        gentle = gentleFault;
    }

    public boolean isGentle() {
        return gentle;
    }

    /**
     * A session or a request came to an end; P4 where nothing is broken.
     *
     * @param how   it ended, for counting
     * @param sound whether a client may see that while instances come and go
     */
    public void ended(String how, boolean sound, String what) {
        tally.event(how);
        if (gentle) {
            tally.trial(Invariant.P4, sound, how + ": " + what);
        }
    }

    /** The database was taken back: what was recorded between the times is not known to it any more. */
    public void forgotten(long begin, long end) {
        forgotten.add(new Span(begin, end));
    }

    /** Whether what happened then was recorded, and is forgotten. */
    public boolean isForgotten(long nanos) {
        return forgotten.stream().anyMatch(span -> nanos - span.begin() >= 0 && nanos - span.end() <= 0);
    }

    public Tally tally() {
        return tally;
    }

    /** Between its beginning and its end a 250 is one given inside the fault. */
    public void faultOn(boolean on) {
        faultOn = on;
    }

    String nextToken() {
        return "mail-" + tokens.incrementAndGet();
    }

    /** Before the final dot. */
    void sending(Mail mail) {
        mails.put(mail.token(), mail);
    }

    /** After the final dot. */
    void ended(Mail mail, Mail.Outcome outcome, Optional<String> id) {
        mail.ended(outcome, id, faultOn);
        mails.put(mail.token(), mail);
        unjudged.add(mail);
        id.ifPresent(acceptedIds::add);
        tally.event("mails " + outcome.name().toLowerCase().replace('_', ' '));
    }

    public Optional<Mail> mail(String token) {
        return Optional.ofNullable(mails.get(token));
    }

    /** Whether a mail with this id was answered 250. */
    public boolean isAccepted(String id) {
        return acceptedIds.contains(id);
    }

    /** Mails that no check has looked at. */
    public Queue<Mail> unjudged() {
        return unjudged;
    }

    public Optional<Place> place(String account, String item) {
        return Optional.ofNullable(places.get(new Key(account, item)));
    }

    public Collection<Place> places() {
        return places.values();
    }

    /** Where notifications tell that one recipient of a mail failed. */
    public Set<Place> notifications(String token, String recipient) {
        return notifications.getOrDefault(new Key(token, recipient), Set.of());
    }

    /** What servers elsewhere have taken of a mail for one recipient, in that order. */
    public List<RemoteCopy> remoteCopies(String token, String recipient) {
        return remoteCopies.getOrDefault(new Key(token, recipient), List.of());
    }

    public UnansweredQuits unansweredQuits() {
        return unansweredQuits;
    }

    /** Deletions answered +OK, of all faults. */
    public long deletions() {
        return deletions.get();
    }

    /**
     * A message was fetched. Judges at once what one look can tell.
     *
     * @param since when its session began
     */
    Place seen(String account, String uniqueId, Sighting sighting, long since) {
        String item = sighting.item();
        Place place = places.computeIfAbsent(new Key(account, item), ignored -> new Place(account, item));
        place.uniqueIds().add(uniqueId);
        sighting.toldOf().forEach(recipient -> notifications
                .computeIfAbsent(new Key(sighting.token(), recipient), ignored -> ConcurrentHashMap.newKeySet()).add(place));
        String before = uniqueIds.putIfAbsent(new Key(account, uniqueId), item);
        tally.trial(Invariant.I8, before == null || before.equals(item),
                uniqueId + " in " + account + " was " + before + ", now is " + item);
        if (place.wasDeletedBefore(since) && !(sighting.isNotification() && mayBeToldAgain(sighting.token(), sighting.toldOf()))) {
            tally.violation(Invariant.I5, "came back: " + place);
        }
        judge(account, sighting, sighting.sha256(), place);
        return place;
    }

    /** A server elsewhere has a mail for some of its recipients. */
    void taken(List<String> recipients, Sighting sighting, RemoteCopy copy) {
        String sha256 = sighting.sha256();
        for (String recipient : recipients) {
            remoteCopies.computeIfAbsent(new Key(sighting.token(), recipient), ignored -> new CopyOnWriteArrayList<>()).add(copy);
            judge(recipient, sighting, sha256, new Place(recipient, sighting.item()));
        }
        tally.events("copies taken by the remote", recipients.size());
    }

    /** Whether the relay may tell of a failure once more: it forgot that it had tried. */
    public boolean mayBeToldAgain(String token, List<String> recipients) {
        return recipients.stream().allMatch(Elsewhere::has)
                && mail(token).filter(mail -> forgotten.stream().anyMatch(span -> mail.isTriedAbout(span.begin(), span.end()))).isPresent();
    }

    private void judge(String account, Sighting sighting, String sha256, Place place) {
        Optional<Mail> mail = mail(sighting.token());
        if (mail.isEmpty()) {
            tally.trial(Invariant.I4, false, "a mail that nobody sent: " + place);
        } else if (sighting.isNotification()) {
            tally.trial(Invariant.I4, account.equals(mail.get().reversePath()), "a notification astray: " + place + ", " + mail.get());
        } else {
            tally.trial(Invariant.I4, mail.get().sha256().equals(sha256), "not what was sent: " + place);
            tally.trial(Invariant.I9, mail.get().recipients().contains(account), "not a recipient: " + place + ", " + mail.get());
        }
    }

    /** QUIT after DELE; {@code certain} where +OK came. */
    void quit(List<Place> deleted, boolean certain) {
        if (deleted.isEmpty()) {
            return;
        }
        if (certain) {
            deleted.forEach(Place::deleted);
            deletions.addAndGet(deleted.size());
            tally.trials(Invariant.I5, deleted.size());
            tally.event("QUIT answered");
        } else {
            unansweredQuits.add(deleted);
            tally.event("QUIT without an answer");
        }
    }
}
