package org.postbus.benchmarks.load;

/**
 * How much of each load.
 *
 * @param warmUp seconds of each load that goes before and is not counted
 * @param seconds that mail is sent, or maildrops are read
 * @param rate of mails a second at which latency is compared
 * @param sessions that idle
 * @param listed messages in the maildrop that is listed
 * @param downloaded messages in each maildrop that is read
 * @param deferred recipients that wait for dead destinations, in thousands
 */
public record Effort(double warmUp, double seconds, double rate, int sessions, int listed, int downloaded, int deferred) {

    public static final Effort FULL = new Effort(40, 10, 150, 1000, 10_000, 100, 100);
    public static final Effort QUICK = new Effort(10, 5, 150, 300, 2_000, 50, 20);

    public Effort withSeconds(double seconds) {
        return new Effort(warmUp, seconds, rate, sessions, listed, downloaded, deferred);
    }

    public Effort withRate(double rate) {
        return new Effort(warmUp, seconds, rate, sessions, listed, downloaded, deferred);
    }
}
