package org.postbus.systemtest.faults.mutation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The proof that the harness can fail: bugs that it must find, and the same runs without them, in which it finds nothing. */
public final class MutationCheck {

    private static final String HEAD = """

            | mutation | fault | invariant | violations / trials in rounds | others violated | as it should be |
            |---|---|---|---|---|---|
            """;

    private final List<MutationRun> runs = new ArrayList<>();

    /**
     * Runs those mutations that are asked for, each with its control.
     *
     * @param only parts of their names, all of which begin with "mutation: ", with commas; empty for none
     */
    public void run(Path folder, long seed, String only) throws Exception {
        List<Mutation> chosen = Mutations.ALL.stream().filter(mutation -> Stream.of(only.split(","))
                .anyMatch(part -> !part.isEmpty() && ("mutation: " + mutation).contains(part))).toList();
        for (Mutation mutation : chosen) {
            System.out.println("== mutation: " + mutation);
            Path own = folder.resolve(mutation.name().replace(' ', '-'));
            runs.add(MutationRun.mutated(mutation, own.resolve("mutated"), seed));
            runs.add(MutationRun.control(mutation, own.resolve("control"), seed));
        }
    }

    /** How many runs did not end as they should. */
    public long failures() {
        return runs.stream().filter(run -> !run.isRight()).count();
    }

    /** A table; empty where nothing was run. */
    public String markdown() {
        return runs.isEmpty() ? "" : runs.stream().map(MutationRun::row).collect(Collectors.joining("", HEAD, ""));
    }
}
