package org.postbus.systemtest.faults.load;

import java.util.List;
import java.util.random.RandomGenerator;

/** Addresses in domains that are not ours: some of each domain are nobody's, which its server refuses for good. */
public final class Elsewhere {

    private static final String SUFFIX = ".elsewhere.test";
    private static final String NOBODY = "nobody";
    private static final List<String> DOMAINS = List.of("one", "two", "three", "four", "five");
    private static final int SOMEBODIES = 20;
    private static final int NOBODY_ONE_IN = 8;

    private Elsewhere() {}

    /** Whether mail to it is relayed. */
    public static boolean has(String address) {
        return address.endsWith(SUFFIX);
    }

    /** Whether its server refuses it for good. */
    public static boolean refuses(String address) {
        return has(address) && address.startsWith(NOBODY);
    }

    static String any(RandomGenerator random) {
        String name = random.nextInt(NOBODY_ONE_IN) == 0 ? NOBODY : "somebody";
        return name + random.nextInt(SOMEBODIES) + "@" + DOMAINS.get(random.nextInt(DOMAINS.size())) + SUFFIX;
    }
}
