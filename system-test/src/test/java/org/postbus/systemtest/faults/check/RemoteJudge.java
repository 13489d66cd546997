package org.postbus.systemtest.faults.check;

import java.util.List;
import org.postbus.systemtest.faults.load.Elsewhere;
import org.postbus.systemtest.faults.load.FaultLedger;
import org.postbus.systemtest.faults.load.Mail;
import org.postbus.systemtest.faults.load.Place;
import org.postbus.systemtest.faults.load.RemoteCopy;
import org.postbus.systemtest.faults.report.Invariant;
import org.postbus.systemtest.faults.report.Tally;

/** Judges what became of mail for one recipient elsewhere: the remote has it, or the reverse-path knows that it was refused. */
final class RemoteJudge {

    private final FaultLedger ledger;
    private final Tally tally;

    RemoteJudge(FaultLedger ledger) {
        this.ledger = ledger;
        this.tally = ledger.tally();
    }

    Judge.Found find(Mail mail, String recipient) {
        List<RemoteCopy> copies = ledger.remoteCopies(mail.token(), recipient);
        int told = ledger.notifications(mail.token(), recipient).stream().map(Place::uniqueIds).mapToInt(ids -> ids.size()).sum();
        String what = copies.size() + " copies at the remote and " + told + " notifications of " + mail + " for " + recipient;
        boolean refused = Elsewhere.refuses(recipient);
        if (mail.outcome() == Mail.Outcome.ACCEPTED && !refused) {
            tally.trial(Invariant.I10, !copies.isEmpty(), what);
        }
        judgeExtras(copies, what);
        // Once more or not: a relay that forgot that it was refused tries again.
        int notified = ledger.mayBeToldAgain(mail.token(), List.of(recipient)) ? Math.min(1, told) : told;
        int arrived = Math.min(1, copies.size()) + notified;
        return new Judge.Found(arrived, arrived == 1 && copies.isEmpty() == refused, what);
    }

    /** Each copy but the last must be one that its sender could not know of. */
    private void judgeExtras(List<RemoteCopy> copies, String what) {
        for (RemoteCopy copy : copies.subList(0, Math.max(0, copies.size() - 1))) {
            switch (ledger.isForgotten(copy.at()) ? RemoteCopy.Excuse.FORGOTTEN : copy.excuse()) {
                case NO_ANSWER -> tally.event("copies again, since the remote gave no reply");
                case CLIENT_DIED -> tally.event("copies again, since the relay died between the remote's 250 and its record");
                case FORGOTTEN -> tally.event("copies again, since the database was taken back");
                case NONE -> tally.violation(Invariant.I10, "once more for no reason: " + what);
            }
        }
    }
}
