package org.postbus.delivery.relay;

import java.util.concurrent.Semaphore;

/**
 * How many sessions there may be. Those with suspect destinations are counted apart, and are half as many: they never keep the others
 * from theirs. Safe for all threads.
 */
final class SessionPermits {

    private final Semaphore sessions;
    private final Semaphore suspects;

    /** @param most sessions, 1 at least */
    SessionPermits(int most) {
        this.sessions = new Semaphore(most);
        this.suspects = new Semaphore(Math.max(1, most / 2));
    }

    /** Waits for one. */
    Permit acquire(boolean suspect) throws InterruptedException {
        of(suspect).acquire();
        return new Permit(suspect);
    }

    private Semaphore of(boolean suspect) {
        return suspect ? suspects : sessions;
    }

    /** Of one session, and used by its thread. */
    final class Permit implements AutoCloseable {

        private boolean suspect;

        private Permit(boolean suspect) {
            this.suspect = suspect;
        }

        /** Makes it one for such a destination; false where there is none of these just now, and the session is to end. */
        boolean becomes(boolean nowSuspect) {
            if (nowSuspect == suspect) {
                return true;
            }
            if (!of(nowSuspect).tryAcquire()) {
                return false;
            }
            of(suspect).release();
            suspect = nowSuspect;
            return true;
        }

        @Override
        public void close() {
            of(suspect).release();
        }
    }
}
