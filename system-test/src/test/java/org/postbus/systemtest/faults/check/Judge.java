package org.postbus.systemtest.faults.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postbus.systemtest.faults.load.Accounts;
import org.postbus.systemtest.faults.load.Elsewhere;
import org.postbus.systemtest.faults.load.FaultLedger;
import org.postbus.systemtest.faults.load.Mail;
import org.postbus.systemtest.faults.load.Place;
import org.postbus.systemtest.faults.report.Invariant;
import org.postbus.systemtest.faults.report.Tally;

/** Compares what clients were told with what is there, once everything has drained and every maildrop was read. */
final class Judge {

    private final FaultLedger ledger;
    private final Tally tally;
    private final Set<Place> found;
    private final RemoteJudge remote;

    /**
     * What there is for one recipient.
     *
     * @param copies of the mail, or of the notification about it
     * @param right  whether that is what is due for a mail answered 250
     * @param what   in words
     */
    record Found(int copies, boolean right, String what) {}

    Judge(FaultLedger ledger, Set<Place> found) {
        this.ledger = ledger;
        this.tally = ledger.tally();
        this.found = found;
        this.remote = new RemoteJudge(ledger);
    }

    void judge() {
        ledger.unansweredQuits().judge(found, tally);
        judgePresence();
        for (Mail mail = ledger.unjudged().poll(); mail != null; mail = ledger.unjudged().poll()) {
            judge(mail);
        }
    }

    /** I6: what was seen and never deleted is there. */
    private void judgePresence() {
        for (Place place : ledger.places()) {
            if (!place.isDeleted()) {
                tally.trial(Invariant.I6, found.contains(place), "gone without QUIT: " + place);
            }
        }
    }

    private void judge(Mail mail) {
        List<Boolean> each = new ArrayList<>();
        for (String recipient : mail.recipients()) {
            each.add(judge(mail, Elsewhere.has(recipient) ? remote.find(mail, recipient) : find(mail, recipient)));
        }
        if (mail.outcome() == Mail.Outcome.ACCEPTED && isMixed(mail)) {
            tally.trial(Invariant.I9, !each.contains(false), "one recipient's failure is another's: " + mail);
        }
    }

    /** Whether its recipients do not all go one way. */
    private static boolean isMixed(Mail mail) {
        return mail.recipients().stream().map(recipient -> recipient.equals(Accounts.FULL) || Elsewhere.refuses(recipient)
                ? "fails" : Elsewhere.has(recipient) ? "relayed" : "filed").distinct().count() > 1;
    }

    private Found find(Mail mail, String recipient) {
        boolean notified = recipient.equals(Accounts.FULL);
        Set<Place> told = ledger.notifications(mail.token(), recipient);
        Optional<Place> place = ledger.place(recipient, mail.token());
        int notifications = told.stream().mapToInt(one -> one.uniqueIds().size()).sum();
        int copies = place.map(there -> there.uniqueIds().size()).orElse(0);
        boolean right = notified ? copies == 0 && notifications == 1 : notifications == 0 && copies == 1
                && place.orElseThrow().uniqueIds().equals(Set.of(mail.id().orElse("")));
        return new Found(copies + notifications, right, copies + " copies and " + notifications + " notifications of " + mail
                + " for " + recipient + place.map(there -> ": " + there).orElse("") + told);
    }

    /** Whether all is well with one recipient. */
    private boolean judge(Mail mail, Found there) {
        int copies = there.copies();
        String what = there.what();
        return switch (mail.outcome()) {
            case ACCEPTED -> {
                tally.trial(Invariant.I1, there.right(), what);
                if (mail.insideFault()) {
                    tally.trial(Invariant.I14, there.right(), what);
                }
                yield there.right();
            }
            case UNKNOWN -> {
                tally.trial(Invariant.I2, copies <= 1, what);
                tally.events("unknown outcomes that arrived", copies);
                yield copies <= 1;
            }
            case PUT_OFF -> {
                // Kafka may have written what it did not acknowledge in time: counted apart, once is no violation.
                tally.trial(Invariant.I3, copies <= 1, what);
                tally.events("4xx that arrived after all", copies);
                yield copies <= 1;
            }
            case REFUSED, NOT_SENT -> {
                tally.trial(Invariant.I3, copies == 0, what);
                yield copies == 0;
            }
        };
    }
}
