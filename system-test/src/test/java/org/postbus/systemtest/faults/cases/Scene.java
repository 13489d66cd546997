package org.postbus.systemtest.faults.cases;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.postbus.systemtest.faults.check.Poison;
import org.postbus.systemtest.faults.cluster.Cluster;
import org.postbus.systemtest.faults.load.Accounts;
import org.postbus.systemtest.faults.load.FaultLedger;
import org.postbus.systemtest.faults.report.Tally;

/**
 * What a fault has to work with.
 *
 * @param random of the seed
 * @param end    by {@link System#nanoTime}
 */
public record Scene(Cluster cluster, FaultLedger ledger, Accounts accounts, Poison poison, Random random, long end) {

    Tally tally() {
        return ledger.tally();
    }

    public boolean over() {
        return end - System.nanoTime() < 0;
    }

    /** Lets the load go on for between the times, or until the scene is over. */
    void letPass(int fromMillis, int toMillis) throws InterruptedException {
        long millis = fromMillis + random.nextInt(toMillis - fromMillis + 1);
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        TimeUnit.MILLISECONDS.sleep(Math.max(0, Math.min(millis, left)));
    }

    /** The same where what follows means nothing before, even if the scene is over by then. */
    void letPassWhole(int fromMillis, int toMillis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(fromMillis + random.nextInt(toMillis - fromMillis + 1));
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /** For a thread of its own, so that the choices of each do not depend on how fast the others are. */
    Scene withRandom(long seed) {
        return new Scene(cluster, ledger, accounts, poison, new Random(seed), end);
    }
}
