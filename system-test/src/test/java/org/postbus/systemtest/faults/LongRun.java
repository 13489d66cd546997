package org.postbus.systemtest.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postbus.systemtest.faults.FaultRun.Timed;
import org.postbus.systemtest.faults.Schedule.Weighted;
import org.postbus.systemtest.faults.cluster.Plan;
import org.postbus.systemtest.faults.cluster.SmallDisk;
import org.postbus.systemtest.faults.load.Load;
import org.postbus.systemtest.faults.report.Invariant;
import org.postbus.systemtest.faults.report.Tally;

/**
 * One cluster after the other, and on each one fault after the other. What a fault leaves of its time, or takes beyond it,
 * is shared by those that follow.
 */
final class LongRun {

    private static final int ACCOUNTS = 100;
    private static final String POWER_CUT = "power cut";
    private static final int POWER_CUT_WEIGHT = 5;
    private static final int POWER_CUTS_EACH_MINUTE = 4;
    /** Beside the fault itself: its warming up, healing, drain and check. */
    private static final double PART_OF_A_SHARE = 0.75;
    private static final Duration SHORTEST = Duration.ofSeconds(20);

    /** Keeps what was counted until now: a run that is stopped must not lose it. */
    @FunctionalInterface
    interface Keeper {
        void keep() throws IOException;
    }

    private record Stage(Plan plan, List<Weighted> faults) {}

    private final Path folder;
    private final long seed;
    private final long end;
    private final List<Stage> stages = new ArrayList<>();
    private final boolean powerCuts;
    private final List<Tally> tallies = new ArrayList<>();
    private int weightLeft;
    private volatile FaultRun current;

    LongRun(Path folder, int minutes, long seed, String only) {
        this.folder = folder;
        this.seed = seed;
        this.end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        stages.add(new Stage(Plan.single(folder.resolve("single")), Schedule.single(only)));
        stages.add(new Stage(Plan.single(folder.resolve("relaying")).relaying(), Schedule.relaying(only)));
        stages.add(new Stage(Plan.rollout(folder.resolve("rollout")).relaying(), Schedule.rollout(only)));
        stages.add(new Stage(Plan.replicated(folder.resolve("replicated")), Schedule.replicated(only)));
        List<Weighted> smallDisks = Schedule.smallDisks(only);
        if (!smallDisks.isEmpty() && isPossible("full disks", SmallDisk.obstacle())) {
            stages.add(new Stage(Plan.onSmallDisks(folder.resolve("disks")), smallDisks));
        }
        this.powerCuts = Schedule.isWanted(only, POWER_CUT) && isPossible("power cuts", PowerCuts.obstacle());
        this.weightLeft = stages.stream().flatMap(stage -> stage.faults().stream()).mapToInt(Weighted::weight).sum()
                + (powerCuts ? POWER_CUT_WEIGHT : 0);
    }

    /** Of all faults until now; grows. */
    List<Tally> tallies() {
        return tallies;
    }

    /** Whether anything of many processes was asked for. */
    boolean hasClusters() {
        return stages.stream().anyMatch(stage -> !stage.faults().isEmpty());
    }

    /**
     * A cluster that falls apart counts against its fault, and the next one is tried.
     *
     * @param keeper called after each fault
     */
    void run(Keeper keeper) throws Exception {
        for (Stage stage : stages) {
            int left = stage.faults().stream().mapToInt(Weighted::weight).sum();
            int after = weightLeft - left;
            run(stage, keeper);
            weightLeft = after;
        }
        if (powerCuts) {
            powerCuts();
        }
    }

    /** Ends every process; also called when this process is told to end. */
    void close() {
        FaultRun running = current;
        if (running != null) {
            try {
                running.close();
            } catch (Exception e) {
                System.out.println("processes may be left: " + e);
            }
        }
    }

    private void run(Stage stage, Keeper keeper) throws Exception {
        if (stage.faults().isEmpty()) {
            return;
        }
        Files.createDirectories(stage.plan().folder());
        try (FaultRun run = FaultRun.start(stage.plan(), Load.Size.LONG, ACCOUNTS, seed + stage.plan().brokers())) {
            current = run;
            for (Weighted weighted : stage.faults()) {
                Duration time = share(weighted.weight());
                System.out.println("== " + weighted.fault().name() + " on " + stage.plan().brokers() + " broker(s), "
                        + time.toSeconds() + " s");
                Tally tally = run.tally(weighted.fault());
                tallies.add(tally);
                boolean goesOn = run.run(new Timed(weighted.fault(), time), tally);
                keeper.keep();
                if (!goesOn) {
                    return;
                }
            }
        } finally {
            current = null;
        }
    }

    private void powerCuts() throws IOException {
        long minutes = Duration.ofNanos(end - System.nanoTime()).toMinutes();
        int cuts = (int) Math.max(4, (minutes - 1) * POWER_CUTS_EACH_MINUTE);
        System.out.println("== " + cuts + " power cuts");
        Tally tally = new Tally(POWER_CUT);
        tallies.add(tally);
        try {
            PowerCuts.run(Files.createDirectories(folder.resolve("power-cut")), seed, cuts, tally);
        } catch (Exception | AssertionError e) {
            tally.trial(Invariant.P1, false, "no power cuts: " + e);
        }
    }

    private Duration share(int weight) {
        long nanos = (long) ((end - System.nanoTime()) * PART_OF_A_SHARE * weight / weightLeft);
        weightLeft -= weight;
        Duration share = Duration.ofNanos(nanos);
        return share.compareTo(SHORTEST) < 0 ? SHORTEST : share;
    }

    private static boolean isPossible(String what, Optional<String> obstacle) {
        obstacle.ifPresent(why -> System.out.println("skipped: " + what + ": " + why));
        return obstacle.isEmpty();
    }
}
