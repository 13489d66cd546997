package org.postbus.benchmarks.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CpuTest {

    @Test
    void busyIsAllButIdleWaitingAndStolen() {
        assertEquals(10 + 20 + 30 + 60 + 70, 100 * Cpu.busy("cpu  10 20 30 4000 500 60 70 800 0 0"), 1e-9);
    }

    @Test
    void whatTheGeneratorUsedIsNotTheServers() {
        Cpu start = new Cpu(0, 100, 7);
        Cpu end = new Cpu(2_000_000_000, 104, 7.5);
        assertEquals(3.5, end.serverSince(start), 1e-9);
        assertEquals(0.125, end.generatorShareSince(start), 1e-9);
        assertEquals(2, end.secondsSince(start), 1e-9);
    }
}
