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
import org.postbus.systemtest.faults.cases.KafkaDown;
import org.postbus.systemtest.faults.cases.KillAtPoints;
import org.postbus.systemtest.faults.cases.KillAtRandom;
import org.postbus.systemtest.faults.cases.KillBrokers;
import org.postbus.systemtest.faults.cases.KillPostgres;
import org.postbus.systemtest.faults.cases.PoisonRecords;
import org.postbus.systemtest.faults.cases.RestoredPostgres;
import org.postbus.systemtest.faults.cases.RollingRestart;
import org.postbus.systemtest.faults.cases.ScaleUpAndDown;
import org.postbus.systemtest.faults.cases.StoppedConsumer;

/** Which faults, and how long each, in parts of a hundred of the whole time; drains and checks take the rest. */
final class Schedule {

    /** Of each kill point in the long form. */
    private static final int HITS = 20;

    private Schedule() {}

    static List<Timed> single(Duration whole, String only) {
        return chosen(only,
                part(whole, 28, new KillAtPoints(HITS)),
                part(whole, 8, new KillAtRandom()),
                part(whole, 3, new KillBrokers()),
                part(whole, 2, new KafkaDown()),
                part(whole, 3, new KillPostgres()),
                part(whole, 3, new CutCommits()),
                part(whole, 4, new CutLinks()),
                part(whole, 2, new PoisonRecords()),
                part(whole, 3, new RollingRestart()),
                part(whole, 3, new RestoredPostgres()));
    }

    static List<Timed> replicated(Duration whole, String only) {
        return chosen(only,
                part(whole, 6, new KillAtRandom()),
                part(whole, 4, new KillBrokers()),
                part(whole, 2, new KafkaDown()),
                part(whole, 4, new CutLinks()),
                part(whole, 3, new StoppedConsumer()),
                part(whole, 3, new ScaleUpAndDown()));
    }

    /** For every test run: each kind of trouble that one broker can have, in the seed's order, as long as it fits. */
    static List<Timed> brief(Random random) {
        List<Timed> some = new ArrayList<>(List.of(
                new Timed(new CutCommits(), Duration.ofSeconds(5)),
                new Timed(new PoisonRecords(), Duration.ofSeconds(4)),
                new Timed(new KillPostgres(), Duration.ofSeconds(8)),
                new Timed(new KillBrokers(), Duration.ofSeconds(8))));
        Collections.shuffle(some, random);
        return Stream.concat(Stream.of(new Timed(new KillAtPoints(1), Duration.ofSeconds(40))), some.stream().limit(3)).toList();
    }

    private static Timed part(Duration whole, int parts, Fault fault) {
        return new Timed(fault, whole.multipliedBy(parts).dividedBy(100));
    }

    private static List<Timed> chosen(String only, Timed... all) {
        return Stream.of(all).filter(timed -> Stream.of(only.split(",")).anyMatch(timed.fault().name()::contains)).toList();
    }
}
