package org.postbus.systemtest.faults.check;

import java.util.Random;
import java.util.Set;
import org.postbus.systemtest.faults.cluster.Cluster;
import org.postbus.systemtest.faults.cluster.Kind;
import org.postbus.systemtest.faults.load.Accounts;
import org.postbus.systemtest.faults.load.FaultLedger;
import org.postbus.systemtest.faults.load.MaildropAudit;
import org.postbus.systemtest.faults.load.Place;

/** After a fault: waits for the drain, reads everything, and judges. */
public final class Check {

    private final Cluster cluster;
    private final FaultLedger ledger;
    private final Accounts accounts;
    private final Poison poison;

    public Check(Cluster cluster, FaultLedger ledger, Accounts accounts, Poison poison) {
        this.cluster = cluster;
        this.ledger = ledger;
        this.accounts = accounts;
        this.poison = poison;
    }

    public void run(Random random) throws Exception {
        Drain drain = new Drain(cluster, ledger.tally());
        drain.await();
        DatabaseAudit database = new DatabaseAudit(cluster, ledger, poison);
        database.endLeases();
        Set<Place> found = new MaildropAudit(ledger, accounts, cluster.front(Kind.POP3).port(), random).read();
        new Judge(ledger, found).judge();
        database.check();
    }
}
