package org.postbus.systemtest.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.postbus.systemtest.faults.FaultRun.Timed;
import org.postbus.systemtest.faults.cases.CutCommits;
import org.postbus.systemtest.faults.cases.CutLinks;
import org.postbus.systemtest.faults.cases.Fault;
import org.postbus.systemtest.faults.cases.FullDisk;
import org.postbus.systemtest.faults.cases.KafkaDown;
import org.postbus.systemtest.faults.cases.KillAtPoints;
import org.postbus.systemtest.faults.cases.KillAtRandom;
import org.postbus.systemtest.faults.cases.KillBrokers;
import org.postbus.systemtest.faults.cases.KillPostgres;
import org.postbus.systemtest.faults.cases.KillRelay;
import org.postbus.systemtest.faults.cases.PointInTime;
import org.postbus.systemtest.faults.cases.PoisonRecords;
import org.postbus.systemtest.faults.cases.RestoredPostgres;
import org.postbus.systemtest.faults.cases.RollingRestart;
import org.postbus.systemtest.faults.cases.ScaleUpAndDown;
import org.postbus.systemtest.faults.cases.StoppedConsumer;
import org.postbus.systemtest.faults.cases.StoppedGateway;
import org.postbus.systemtest.faults.cluster.Kind;

/** Which faults, in which order, and how much of the time each gets. */
final class Schedule {

    /** A fault and its weight: its share of the time, drain and check included. */
    record Weighted(Fault fault, int weight) {}

    /** Of each kill point in the long form. */
    private static final int HITS = 20;
    /** With three brokers, beside those. */
    private static final int FEW_HITS = 3;

    private Schedule() {}

    static List<Weighted> single(String only) {
        return chosen(only,
                new Weighted(new KillAtPoints(HITS), 70),
                new Weighted(new KillAtRandom(), 9),
                new Weighted(new KillBrokers(), 3),
                new Weighted(new KafkaDown(), 2),
                new Weighted(new KillPostgres(), 3),
                new Weighted(new CutCommits(), 3),
                new Weighted(new CutLinks(), 5),
                new Weighted(new StoppedConsumer(), 3),
                new Weighted(new StoppedGateway(), 7),
                new Weighted(new PoisonRecords(), 2),
                new Weighted(new RestoredPostgres(), 3));
    }

    static List<Weighted> replicated(String only) {
        return chosen(only,
                new Weighted(new KillAtPoints(FEW_HITS), 8),
                new Weighted(new KillAtRandom(), 7),
                new Weighted(new KillBrokers(), 4),
                new Weighted(new KafkaDown(), 2),
                new Weighted(new CutCommits(), 2),
                new Weighted(new CutLinks(), 4),
                new Weighted(new StoppedConsumer(), 3),
                new Weighted(new StoppedGateway(), 6),
                new Weighted(new RollingRestart(), 2),
                new Weighted(new ScaleUpAndDown(), 3));
    }

    /** With mail for elsewhere, and two instances on one queue. */
    static List<Weighted> relaying(String only) {
        return chosen(only,
                new Weighted(new KillRelay(HITS), 22),
                new Weighted(new CutCommits(), 2),
                new Weighted(new KillPostgres(), 2),
                new Weighted(new StoppedConsumer(), 3));
    }

    /** What operators do, with mail for elsewhere, and instances as pods. */
    static List<Weighted> rollout(String only) {
        return chosen(only,
                new Weighted(new RollingRestart(), 6),
                new Weighted(new ScaleUpAndDown(), 6),
                new Weighted(new PointInTime(false), 6));
    }

    static List<Weighted> smallDisks(String only) {
        return chosen(only, new Weighted(new FullDisk(true), 2), new Weighted(new FullDisk(false), 2));
    }

    /** For every test run: each kind of trouble that one broker can have, in the seed's order, as long as it fits. */
    static List<Timed> brief(Random random) {
        List<Timed> some = new ArrayList<>(List.of(
                new Timed(new CutCommits(), Duration.ofSeconds(5)),
                new Timed(new PoisonRecords(), Duration.ofSeconds(4)),
                new Timed(new KillBrokers(), Duration.ofSeconds(8))));
        Collections.shuffle(some, random);
        some.set(2, new Timed(new PointInTime(true), Duration.ZERO));
        return Stream.concat(Stream.of(new Timed(new KillAtPoints(1), Duration.ofSeconds(40))), some.stream()).toList();
    }

    /** The same for mail for elsewhere, and what operators do: each instance replaced once, one consumer scaled. */
    static List<Timed> briefRelaying(Random random) {
        Kind scaled = random.nextBoolean() ? Kind.DELIVERY : Kind.MAILBOX;
        return List.of(new Timed(new KillRelay(1), Duration.ofSeconds(45)),
                new Timed(new RollingRestart(), Duration.ZERO),
                new Timed(new ScaleUpAndDown(List.of(scaled)), Duration.ZERO));
    }

    private static List<Weighted> chosen(String only, Weighted... all) {
        return Stream.of(all).filter(one -> isWanted(only, one.fault().name())).toList();
    }

    /** @param only parts of names, with commas; empty for all */
    static boolean isWanted(String only, String name) {
        return Stream.of(only.split(",")).anyMatch(name::contains);
    }
}
