package org.postbus.standalone;

import io.quarkus.runtime.Quarkus;
import java.util.List;
import sun.misc.Signal;

/**
 * SIGINT or SIGTERM, from the first moment of the start on. Without this the JVM would end at once and leave PostgreSQL
 * behind, and Quarkus forgets an exit that was asked before it ran.
 */
final class EndSignal {

    private volatile boolean given;

    private EndSignal() {}

    /** Watches for the signals from now on. */
    static EndSignal watch() {
        EndSignal end = new EndSignal();
        for (String name : List.of("INT", "TERM")) {
            Signal.handle(new Signal(name), _ -> end.give());
        }
        return end;
    }

    /** Whether one came. */
    boolean given() {
        return given;
    }

    private void give() {
        given = true;
        Quarkus.asyncExit(0);
    }
}
