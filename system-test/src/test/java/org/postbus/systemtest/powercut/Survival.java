package org.postbus.systemtest.powercut;

/** What of the changes that nobody synced is on the disk all the same: the kernel writes back when it likes. */
interface Survival {

    int PAGE = 4096;

    /** Changes of metadata with a smaller index are there; at least {@code durable}, at most {@code cut}. */
    int metadata(int durable, int cut);

    /**
     * When a page of a file was last written back: changes of it with a smaller index are there.
     *
     * @param synced changes with a smaller index are there anyway
     */
    int page(Names.Content content, long page, int synced, int cut);

    /** Nothing is. */
    record Nothing() implements Survival {

        @Override
        public int metadata(int durable, int cut) {
            return durable;
        }

        @Override
        public int page(Names.Content content, long page, int synced, int cut) {
            return synced;
        }
    }

    /** All is: the folder as processes saw it. */
    record Everything() implements Survival {

        @Override
        public int metadata(int durable, int cut) {
            return cut;
        }

        @Override
        public int page(Names.Content content, long page, int synced, int cut) {
            return cut;
        }
    }

    /**
     * A third of the pages was not written back, a third just before the cut, a third at any moment before it. So writes
     * are torn at page boundaries and reach the disk in any order, but no page holds a write without those before it.
     */
    record Random(long seed) implements Survival {

        @Override
        public int metadata(int durable, int cut) {
            return between(durable, cut, seed);
        }

        @Override
        public int page(Names.Content content, long page, int synced, int cut) {
            return between(synced, cut, seed + 31 * content.number() + 1_000_003 * (page + 1));
        }

        private static int between(int from, int to, long seed) {
            // The first numbers of neighbouring seeds are alike.
            java.util.Random random = new java.util.Random(seed * 0x9E3779B97F4A7C15L);
            random.nextInt();
            return switch (random.nextInt(3)) {
                case 0 -> from;
                case 1 -> to;
                default -> from + (int) ((to - from) * random.nextDouble());
            };
        }
    }
}
