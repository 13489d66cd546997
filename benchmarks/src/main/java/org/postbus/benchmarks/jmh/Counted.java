package org.postbus.benchmarks.jmh;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What passed, beside the calls that JMH counts; shown as a rate each. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Counted {

    public long octets;
    public long commands;
    public long lines;
}
