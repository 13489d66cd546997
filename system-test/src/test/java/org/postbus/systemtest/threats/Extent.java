package org.postbus.systemtest.threats;

import java.util.Random;

/** How much of each attack is sent: all of it where {@code postbus.threats} is {@code long}, else about a fiftieth, by seed. */
final class Extent {

    static final boolean LONG = System.getProperty("postbus.threats", "short").equals("long");
    static final long SEED = Long.getLong("postbus.threats.seed", 2026);
    private static final int SHORT_FORM = 50;
    /** Less would leave out whole kinds of an attack. */
    private static final int HANDFUL = 6;

    private Extent() {}

    /** Of an attack that the long form sends so often. */
    static int of(int longForm) {
        return LONG ? longForm : Math.max(Math.min(longForm, HANDFUL), longForm / SHORT_FORM);
    }

    /** The choices of one row, the same for each run with one seed. */
    static Random random(String row) {
        return new Random(SEED * 31 + row.hashCode());
    }
}
