package org.postbus.systemtest.faults.mutation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The fault harness finds bugs that are put in on purpose: some of them, chosen by a seed. {@code -Dpostbus.faults.seed=S}
 * repeats the choice, {@code -Dpostbus.faults.mutations=N} takes more; {@code postbus faults --only mutation} takes
 * all, with controls.
 */
class MutationTest {

    private static final long SEED = Long.getLong("postbus.faults.seed", System.nanoTime() & 0xffffff);
    private static final int HOW_MANY = Integer.getInteger("postbus.faults.mutations", 2);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void a_bug_put_in_on_purpose_turns_its_invariant_red() throws Exception {
        System.out.println("mutations: seed " + SEED);
        List<Mutation> some = new ArrayList<>(Mutations.BRIEF);
        Collections.shuffle(some, new Random(SEED));
        for (Mutation mutation : some.subList(0, HOW_MANY)) {
            MutationRun run = MutationRun.mutated(mutation, folder.resolve(mutation.name().replace(' ', '-')), SEED);
            System.out.print(run.row());
            assertTrue(run.isRed(), () -> "seed " + SEED + ", data and logs kept in " + folder + ", not found: " + run.row());
        }
    }
}
