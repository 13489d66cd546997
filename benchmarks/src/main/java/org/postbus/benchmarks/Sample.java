package org.postbus.benchmarks;

/**
 * The platform's counters at one moment.
 *
 * @param nanos of this process's monotonic clock
 * @param accepted mails answered 250 since the platform started
 * @param filed mails filed since then
 * @param heap octets of heap in use, garbage included
 * @param resident octets of the process's resident memory
 */
record Sample(long nanos, long accepted, long filed, long heap, long resident) {

    double secondsSince(Sample earlier) {
        return (nanos - earlier.nanos) / 1e9;
    }
}
