package org.postbus.benchmarks.machine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Processor time used up to one moment.
 *
 * @param nanos of this process's monotonic clock
 * @param busy seconds, all processors and processes together
 * @param own seconds of this process, which is the load generator
 */
public record Cpu(long nanos, double busy, double own) {

    /** Of /proc/stat; fixed at 100 for programs on every Linux of today. */
    private static final double TICKS = 100;

    public static Cpu now() throws IOException {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        String line = Files.readAllLines(Path.of("/proc/stat")).getFirst();
        return new Cpu(System.nanoTime(), busy(line), system.getProcessCpuTime() / 1e9);
    }

    /** Of the line {@code cpu user nice system idle iowait irq softirq steal ...}: all but idle, iowait and steal. */
    static double busy(String line) {
        String[] words = line.trim().split("\\s+");
        long ticks = 0;
        for (int field : new int[] {1, 2, 3, 6, 7}) {
            ticks += Long.parseLong(words[field]);
        }
        return ticks / TICKS;
    }

    public double secondsSince(Cpu earlier) {
        return (nanos - earlier.nanos) / 1e9;
    }

    /** Seconds that everything but the generator used. */
    public double serverSince(Cpu earlier) {
        return Math.max(0, busy - earlier.busy - (own - earlier.own));
    }

    /** The generator's part of all processor time used, 0 to 1. */
    public double generatorShareSince(Cpu earlier) {
        double all = busy - earlier.busy;
        return all <= 0 ? 0 : Math.min(1, (own - earlier.own) / all);
    }

    /** Returns once less than a tenth of one processor is in use, so that no load pays for its predecessor. */
    public static void awaitQuiet(Duration atMost) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        Cpu before = now();
        while (System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(500);
            Cpu after = now();
            if ((after.busy - before.busy) / after.secondsSince(before) < 0.1) {
                return;
            }
            before = after;
        }
    }
}
