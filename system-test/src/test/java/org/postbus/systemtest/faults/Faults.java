package org.postbus.systemtest.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.postbus.systemtest.SourceTree;
import org.postbus.systemtest.faults.cluster.StartCaches;
import org.postbus.systemtest.faults.mutation.MutationCheck;
import org.postbus.systemtest.faults.report.Report;

/**
 * {@code postbus faults [--minutes N] [--seed S] [--only NAME,...]}: the long form. Ends with status 1 where an invariant was
 * violated.
 */
public final class Faults {

    /** Below it the caches would cost more than they save. */
    private static final int MINUTES_WORTH_CACHES = 10;
    private static final Path JSON = SourceTree.systemTest("target/faults/report.json");

    private Faults() {}

    public static void main(String[] arguments) throws Exception {
        Arguments asked = Arguments.parse(arguments);
        Path folder = Files.createTempDirectory("postbus-faults-");
        System.out.println(asked + ", data and logs: " + folder);
        LongRun run = new LongRun(folder, asked.minutes(), asked.seed(), asked.only());
        Runtime.getRuntime().addShutdownHook(new Thread(run::close));
        Report report = new Report(asked.toString(), asked.seed(), run.tallies());
        MutationCheck mutations = new MutationCheck();
        try {
            mutations.run(folder.resolve("mutations"), asked.seed(), asked.only());
            if (asked.minutes() >= MINUTES_WORTH_CACHES && run.hasClusters()) {
                StartCaches.make(folder.resolve("caches"), cluster -> FaultRun.train(cluster, asked.seed()));
            }
            run.run(() -> write(report, report.markdown()));
        } finally {
            String tables = (run.tallies().isEmpty() ? "" : report.markdown()) + mutations.markdown();
            write(report, tables);
            System.out.println("\n" + tables);
            System.out.println("report: " + SourceTree.root().relativize(JSON) + " and report.md");
        }
        System.exit(report.violations() + mutations.failures() == 0 ? 0 : 1);
    }

    private static void write(Report report, String tables) throws IOException {
        report.write(JSON);
        Files.writeString(JSON.resolveSibling("report.md"), tables);
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

        @Override
        public String toString() {
            return "./postbus faults --minutes " + minutes + " --seed " + seed + (only.isEmpty() ? "" : " --only \"" + only + "\"");
        }
    }
}
