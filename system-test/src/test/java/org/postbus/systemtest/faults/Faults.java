package org.postbus.systemtest.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postbus.systemtest.faults.FaultRun.Timed;
import org.postbus.systemtest.faults.cases.Fault;
import org.postbus.systemtest.faults.cluster.Plan;
import org.postbus.systemtest.faults.load.Load;
import org.postbus.systemtest.faults.mutation.MutationCheck;
import org.postbus.systemtest.faults.report.Report;
import org.postbus.systemtest.faults.report.Tally;

/** {@code postbus faults [--minutes N] [--seed S]}: the long form. Ends with status 1 where an invariant was violated. */
public final class Faults {

    private static final int ACCOUNTS = 100;

    private Faults() {}

    public static void main(String[] arguments) throws Exception {
        Arguments asked = Arguments.parse(arguments);
        System.out.println("faults: " + asked.minutes() + " minutes, seed " + asked.seed());
        Path folder = Files.createTempDirectory("postbus-faults-");
        List<Tally> tallies = new ArrayList<>();
        Report report = new Report(asked.seed(), tallies);
        MutationCheck mutations = new MutationCheck();
        try {
            mutations.run(folder.resolve("mutations"), asked.seed(), asked.only());
            run(Plan.single(folder.resolve("single")), Schedule.single(asked.duration(), asked.only()), asked.seed(), tallies);
            run(Plan.replicated(folder.resolve("replicated")), Schedule.replicated(asked.duration(), asked.only()), asked.seed() + 1, tallies);
        } finally {
            report.write(Path.of("target/faults/report.json"));
            String tables = (tallies.isEmpty() ? "" : report.markdown()) + mutations.markdown();
            Files.writeString(Path.of("target/faults/report.md"), tables);
            System.out.println("\n" + tables);
            System.out.println("report: system-test/target/faults/report.json; data and logs: " + folder);
        }
        System.exit(report.violations() + mutations.failures() == 0 ? 0 : 1);
    }

    private static void run(Plan plan, List<Timed> schedule, long seed, List<Tally> tallies) throws Exception {
        if (schedule.isEmpty()) {
            return;
        }
        Files.createDirectories(plan.folder());
        try (FaultRun run = FaultRun.start(plan, Load.Size.LONG, ACCOUNTS, seed)) {
            for (Timed timed : schedule) {
                System.out.println("== " + timed.fault().name() + " on " + plan.brokers() + " broker(s), "
                        + timed.time().toSeconds() + " s");
                tallies.add(run.run(timed));
            }
        }
    }

    /**
     * What was asked for.
     *
     * @param only parts of the names of the faults to run, with commas; empty for all
     */
    private record Arguments(int minutes, long seed, String only) {

        static Arguments parse(String[] arguments) {
            int minutes = 60;
            long seed = System.nanoTime() & 0xffffff;
            String only = "";
            for (int n = 0; n + 1 < arguments.length; n += 2) {
                switch (arguments[n]) {
                    case "--minutes" -> minutes = Integer.parseInt(arguments[n + 1]);
                    case "--seed" -> seed = Long.parseLong(arguments[n + 1]);
                    case "--only" -> only = arguments[n + 1];
                    default -> throw new IllegalArgumentException("unknown option " + arguments[n]);
                }
            }
            return new Arguments(minutes, seed, only);
        }

        Duration duration() {
            return Duration.ofMinutes(minutes);
        }
    }
}
