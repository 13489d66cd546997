package org.postbus.systemtest.faults.mutation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postbus.systemtest.faults.FaultRun;
import org.postbus.systemtest.faults.cluster.Plan;
import org.postbus.systemtest.faults.load.Load;
import org.postbus.systemtest.faults.report.Invariant;
import org.postbus.systemtest.faults.report.Tally;

/**
 * What became of one mutation on a cluster of its own.
 *
 * @param mutated false for the control, whose classes are compiled anew too, but as they are
 * @param rounds  of the fault
 */
record MutationRun(Mutation mutation, boolean mutated, List<Tally> rounds) {

    private static final int ACCOUNTS = 12;
    /** So that a fault that by luck did no harm is no verdict. */
    private static final int ROUNDS = 3;

    /** Goes through the fault until the harness sees the bug, three times at most. */
    static MutationRun mutated(Mutation mutation, Path folder, long seed) throws Exception {
        return run(mutation, true, mutation.changedSources(), folder, seed);
    }

    /** Goes through the fault once. */
    static MutationRun control(Mutation mutation, Path folder, long seed) throws Exception {
        return run(mutation, false, mutation.sources(), folder, seed);
    }

    private static MutationRun run(Mutation mutation, boolean mutated, Map<String, String> sources, Path folder, long seed)
            throws Exception {
        Files.createDirectories(folder);
        String agent = ReplacedClasses.agent(folder.resolve("replaced.jar"),
                Recompiled.classes(mutation.kind().service(), sources));
        Plan small = Plan.small(folder).with(mutation.kind(), List.of(agent));
        Plan plan = mutation.fault().relays() ? small.relaying() : small;
        MutationRun so = new MutationRun(mutation, mutated, new ArrayList<>());
        try (FaultRun run = FaultRun.start(plan, Load.Size.SHORT, ACCOUNTS, seed)) {
            if (mutated) {
                so.undo(run);
            }
            do {
                so.rounds.add(run.run(new FaultRun.Timed(mutation.fault(), mutation.time())));
            } while (mutated && !so.isRed() && so.rounds.size() < ROUNDS);
        }
        return so;
    }

    private void undo(FaultRun run) throws SQLException {
        try (Connection connection = run.cluster().postgres().connect(); Statement statement = connection.createStatement()) {
            for (String sql : mutation.sql()) {
                statement.execute(sql);
            }
        }
    }

    /** Whether the harness saw what it must see. */
    boolean isRed() {
        return violations(mutation.invariant()) > 0;
    }

    /** Whether the harness saw nothing. */
    boolean isGreen() {
        return rounds.stream().allMatch(tally -> tally.violations() == 0);
    }

    /** As it should be. */
    boolean isRight() {
        return mutated ? isRed() : isGreen();
    }

    /** A line of Markdown. */
    String row() {
        String others = Stream.of(Invariant.values()).filter(other -> other != mutation.invariant() && violations(other) > 0)
                .map(other -> other + " " + violations(other)).collect(Collectors.joining(", "));
        return "| " + mutation + (mutated ? "" : " (control)") + " | " + mutation.fault().name() + " | "
                + mutation.invariant() + " | " + violations(mutation.invariant()) + " / " + trials() + " in " + rounds.size()
                + " | " + (others.isEmpty() ? "-" : others) + " | " + (isRight() ? "yes" : "NO") + " |\n";
    }

    private long violations(Invariant invariant) {
        return rounds.stream().mapToLong(tally -> tally.of(invariant).violations()).sum();
    }

    private long trials() {
        return rounds.stream().mapToLong(tally -> tally.of(mutation.invariant()).trials()).sum();
    }
}
