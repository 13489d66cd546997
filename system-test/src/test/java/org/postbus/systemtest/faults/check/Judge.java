package org.postbus.systemtest.faults.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postbus.systemtest.faults.load.Accounts;
import org.postbus.systemtest.faults.load.FaultLedger;
import org.postbus.systemtest.faults.load.Mail;
import org.postbus.systemtest.faults.load.MailText;
import org.postbus.systemtest.faults.load.Place;
import org.postbus.systemtest.faults.report.Invariant;
import org.postbus.systemtest.faults.report.Tally;

/** Compares what clients were told with what is there, once everything has drained and every maildrop was read. */
final class Judge {

    private final FaultLedger ledger;
    private final Tally tally;
    private final Set<Place> found;

    Judge(FaultLedger ledger, Set<Place> found) {
        this.ledger = ledger;
        this.tally = ledger.tally();
        this.found = found;
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
            boolean notified = recipient.equals(Accounts.FULL);
            String account = notified ? mail.reversePath() : recipient;
            Optional<Place> place = ledger.place(account, notified ? MailText.notificationOf(mail.token()) : mail.token());
            each.add(judge(mail, recipient, place, notified));
        }
        boolean mixed = mail.recipients().size() > 1 && mail.recipients().contains(Accounts.FULL);
        if (mixed && mail.outcome() == Mail.Outcome.ACCEPTED) {
            tally.trial(Invariant.I9, !each.contains(false), "one recipient's failure is another's: " + mail);
        }
        if (!mail.recipients().contains(Accounts.FULL) && !mail.reversePath().isEmpty()) {
            boolean told = ledger.place(mail.reversePath(), MailText.notificationOf(mail.token())).isPresent();
            tally.trial(Invariant.I1, !told, "delivered and notified: " + mail);
        }
    }

    /** Whether all is well with one recipient. */
    private boolean judge(Mail mail, String recipient, Optional<Place> place, boolean notified) {
        int copies = place.map(there -> there.uniqueIds().size()).orElse(0);
        String what = copies + " of " + (notified ? "the notification about " : "") + mail + " for " + recipient
                + place.map(there -> ": " + there).orElse("");
        return switch (mail.outcome()) {
            case ACCEPTED -> {
                boolean right = copies == 1 && (notified || place.orElseThrow().uniqueIds().equals(Set.of(mail.id().orElseThrow())));
                tally.trial(Invariant.I1, right, what);
                if (mail.insideFault()) {
                    tally.trial(Invariant.I14, right, what);
                }
                yield right;
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
