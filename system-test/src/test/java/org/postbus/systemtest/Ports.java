package org.postbus.systemtest;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that a process can come back to: below the range of ephemeral ports, from which the kernel could give one to
 * a connection while its owner is dead; and never those of the other JVM that runs tests at the same time.
 */
public final class Ports {

    private static final int SHARES = 2;
    private static final int ALL_FROM = 10_000;
    private static final int ALL_END = 32_000;
    private static final int SHARE_OF_PORTS = (ALL_END - ALL_FROM) / SHARES;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    /** Which of the JVMs that run tests this is, from 1. */
    public static final int SHARE = (Integer.parseInt(System.getProperty("postbus.share", "1")) - 1) % SHARES + 1;
    static final int FIRST = ALL_FROM + (SHARE - 1) * SHARE_OF_PORTS;
    /** Behind the last. */
    static final int END = FIRST + SHARE_OF_PORTS;

    private Ports() {}

    /** A free port that nobody in this process was given before. */
    public static int next() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (Launcher.isFree(port) && GIVEN.add(port)) {
                return port;
            }
        }
    }
}
