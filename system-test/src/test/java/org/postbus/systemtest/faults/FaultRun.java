package org.postbus.systemtest.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.postbus.systemtest.faults.cases.Fault;
import org.postbus.systemtest.faults.cases.Scene;
import org.postbus.systemtest.faults.check.Check;
import org.postbus.systemtest.faults.check.Poison;
import org.postbus.systemtest.faults.cluster.Cluster;
import org.postbus.systemtest.faults.cluster.Plan;
import org.postbus.systemtest.faults.load.Accounts;
import org.postbus.systemtest.faults.load.FaultLedger;
import org.postbus.systemtest.faults.load.Load;
import org.postbus.systemtest.faults.load.RemoteServer;
import org.postbus.systemtest.faults.report.Invariant;
import org.postbus.systemtest.faults.report.Tally;

/** One cluster and the faults that it goes through, one after the other: load, fault, drain, check. */
public final class FaultRun implements AutoCloseable {

    /** A fault and how long it lasts at most. */
    public record Timed(Fault fault, Duration time) {}

    private static final int WARM_UP_MILLIS = 1_000;
    private static final int TRAINING_SECONDS = 6;

    private final Cluster cluster;
    private final RemoteServer elsewhere;
    private final Random random;
    private final Load.Size size;
    private final FaultLedger ledger;
    private final Poison poison = new Poison();
    private final Accounts accounts;
    private final Check check;

    private FaultRun(Cluster cluster, RemoteServer elsewhere, FaultLedger ledger, Load.Size size, int accounts, long seed) {
        this.cluster = cluster;
        this.elsewhere = elsewhere;
        this.ledger = ledger;
        this.size = size;
        this.random = new Random(seed);
        this.accounts = Accounts.make(cluster.admin(), accounts);
        this.check = new Check(cluster, ledger, this.accounts, poison);
    }

    /** Starts the cluster and makes the accounts. The seed decides what is done, not when things happen. */
    public static FaultRun start(Plan plan, Load.Size size, int accounts, long seed) throws Exception {
        FaultLedger ledger = new FaultLedger();
        RemoteServer elsewhere = new RemoteServer(ledger, new Random(seed));
        Optional<Cluster> cluster = Optional.empty();
        try {
            cluster = Optional.of(Cluster.start(plan.relays() ? plan.with(elsewhere.settings()) : plan));
            return new FaultRun(cluster.get(), elsewhere, ledger, size, accounts, seed);
        } catch (Exception | AssertionError e) {
            elsewhere.close();
            if (cluster.isPresent()) {
                cluster.get().close();
            }
            throw e;
        }
    }

    /** For what is to be done to it beside the faults. */
    public Cluster cluster() {
        return cluster;
    }

    /** Some load and nothing else, so that every class is used once. */
    static void train(Cluster cluster, long seed) throws InterruptedException {
        FaultLedger ledger = new FaultLedger();
        ledger.begin(new Tally("training"), false);
        try (Load load = Load.start(cluster, ledger, Accounts.make(cluster.admin(), 10), Load.Size.SHORT, new Random(seed))) {
            TimeUnit.SECONDS.sleep(TRAINING_SECONDS);
        }
    }

    /** Named after the fault, and after what is special about the cluster. */
    Tally tally(Fault fault) {
        int brokers = cluster.kafka().brokers().size();
        String special = brokers > 1 ? " (" + brokers + " brokers)" : cluster.relays() && !fault.relays() ? " (relay)" : "";
        return new Tally(fault.name() + special);
    }

    /** Puts the cluster through one fault and returns its counts. */
    public Tally run(Timed timed) throws Exception {
        Tally tally = tally(timed.fault());
        put(timed, tally);
        return tally;
    }

    /** The same; whatever keeps it from its end counts as a violation, and false says that the cluster is of no more use. */
    boolean run(Timed timed, Tally tally) throws InterruptedException {
        try {
            put(timed, tally);
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | AssertionError e) {
            e.printStackTrace(System.out);
            tally.violation(Invariant.P1, "the run on this cluster ends: " + e);
            return false;
        }
    }

    private void put(Timed timed, Tally tally) throws Exception {
        ledger.begin(tally, timed.fault().isGentle());
        long begin = System.nanoTime();
        try (Load load = Load.start(cluster, ledger, accounts, size, new Random(random.nextLong()))) {
            TimeUnit.MILLISECONDS.sleep(WARM_UP_MILLIS);
            ledger.faultOn(true);
            long end = System.nanoTime() + timed.time().toNanos();
            timed.fault().run(new Scene(cluster, ledger, accounts, poison, new Random(random.nextLong()), end));
            heal(tally);
            TimeUnit.MILLISECONDS.sleep(WARM_UP_MILLIS);
            ledger.faultOn(false);
        }
        check.run(new Random(random.nextLong()));
        tally.note("took " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) + " s, " + tally.events());
    }

    public List<Tally> run(List<Timed> all) throws Exception {
        List<Tally> tallies = new ArrayList<>();
        for (Timed timed : all) {
            tallies.add(run(timed));
        }
        return tallies;
    }

    /** Nothing but starting what is dead helps a service: it must come to its senses alone. */
    private void heal(Tally tally) throws Exception {
        String trouble = "";
        try {
            cluster.heal();
        } catch (AssertionError e) {
            trouble = String.valueOf(e.getMessage());
            throw e;
        } finally {
            tally.trial(Invariant.P1, trouble.isEmpty(), trouble);
        }
    }

    @Override
    public void close() throws Exception {
        cluster.close();
        elsewhere.close();
    }
}
