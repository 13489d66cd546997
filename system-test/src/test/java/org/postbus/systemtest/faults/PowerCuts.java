package org.postbus.systemtest.faults;

import java.nio.file.Path;
import java.util.Optional;
import org.postbus.systemtest.faults.report.Invariant;
import org.postbus.systemtest.faults.report.Tally;
import org.postbus.systemtest.powercut.PowerCut;

/** Power cuts as one more fault of a run: its counts go into the same report. */
final class PowerCuts {

    private static final int LOAD_SECONDS = 12;
    private static final int WITHOUT_SYNCS = 2;

    private PowerCuts() {}

    /** Why there are none on this machine. */
    static Optional<String> obstacle() {
        return PowerCut.obstacle();
    }

    /** A promise counts once for each cut that it was held against. */
    static void run(Path folder, long seed, int cuts, Tally tally) throws Exception {
        PowerCut.Report report = PowerCut.run(
                new PowerCut.Settings(folder, seed, LOAD_SECONDS, cuts, WITHOUT_SYNCS, WITHOUT_SYNCS));
        for (PowerCut.Trial trial : report.trials()) {
            if (trial.kind().isSound()) {
                count(tally, trial);
            } else {
                tally.event("cuts without syncs");
                tally.events("cuts without syncs that broke a promise", trial.violations().isEmpty() ? 0 : 1);
            }
        }
        tally.trial(Invariant.P2, report.showsThatItCanFail(), "no promise was broken without syncs");
    }

    private static void count(Tally tally, PowerCut.Trial trial) {
        tally.event("power cuts");
        tally.trials(Invariant.I1, trial.mails());
        tally.trials(Invariant.I5, trial.deletions());
        for (String what : trial.violations()) {
            tally.violation(invariant(what), "cut " + trial.kind() + " at " + trial.millis() + " ms: " + what);
        }
    }

    private static Invariant invariant(String what) {
        if (what.contains("STAT says")) {
            return Invariant.I12;
        }
        return switch (what.split(":")[0]) {
            case "came back" -> Invariant.I5;
            case "half of a session's deletions" -> Invariant.I7;
            case "damaged" -> Invariant.I4;
            case "never sent" -> Invariant.I3;
            case "not a recipient" -> Invariant.I9;
            case "missing", "twice" -> Invariant.I1;
            default -> Invariant.P1;
        };
    }
}
