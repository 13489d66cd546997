package org.postbus.systemtest.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.systemtest.faults.cluster.Plan;
import org.postbus.systemtest.faults.load.Load;
import org.postbus.systemtest.faults.report.Report;

/**
 * The fault harness in short: some faults, chosen by a seed, on one of each service. {@code -Dpostbus.faults.seed=S} repeats
 * the choices of a run; {@code postbus faults} is the long form.
 */
class FaultsTest {

    private static final long SEED = Long.getLong("postbus.faults.seed", System.nanoTime() & 0xffffff);
    private static final int ACCOUNTS = 30;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void whatever_breaks_every_invariant_holds() throws Exception {
        System.out.println("faults: seed " + SEED);
        try (FaultRun run = FaultRun.start(Plan.small(folder), Load.Size.SHORT, ACCOUNTS, SEED)) {
            Report report = new Report(SEED, run.run(Schedule.brief(new Random(SEED))));
            report.write(Path.of("target/faults/short.json"));
            Files.writeString(Path.of("target/faults/short.md"), report.markdown());
            System.out.println(report.markdown());
            assertEquals(List.of(), report.examples(), "seed " + SEED + ", data and logs kept in " + folder);
            assertTrue(report.kills() >= 5 && report.mails() >= 500, () -> "too little to mean anything: " + report.markdown());
        }
    }

    @Test
    void mail_for_elsewhere_is_relayed_whatever_breaks() throws Exception {
        System.out.println("relay faults: seed " + SEED);
        try (FaultRun run = FaultRun.start(Plan.smallRollout(folder).relaying(), Load.Size.SHORT, ACCOUNTS, SEED)) {
            Report report = new Report(SEED, run.run(Schedule.briefRelaying(new Random(SEED))));
            report.write(Path.of("target/faults/short-relay.json"));
            Files.writeString(Path.of("target/faults/short-relay.md"), report.markdown());
            System.out.println(report.markdown());
            assertEquals(List.of(), report.examples(), "seed " + SEED + ", data and logs kept in " + folder);
            assertTrue(report.kills() >= 2 && report.mails() >= 500, () -> "too little to mean anything: " + report.markdown());
        }
    }
}
