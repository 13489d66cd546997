package org.postbus.systemtest.faults.cluster;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.postbus.systemtest.Launcher;

/**
 * Ports that a process can come back to: below the range of ephemeral ports, from which the kernel could give one to
 * a connection while its owner is dead.
 */
final class Ports {

    private static final int FIRST = 10_000;
    private static final int END = 32_000;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /** A free port that nobody in this process was given before. */
    static int next() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (Launcher.isFree(port) && GIVEN.add(port)) {
                return port;
            }
        }
    }
}
