package org.postbus.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Octets that all sessions of a gateway may hold together: the one bound on the memory that mail data takes.
 * Thread-safe and never blocking; those who wait are served first come, first served, so that a large request does not
 * starve behind small ones.
 */
public final class ByteBudget {

    private final long capacity;
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private long used;

    private record Waiter(Reservation reservation, long octets, Context context, Promise<Boolean> promise) {

        void answer(boolean granted) {
            context.runOnContext(ignored -> promise.tryComplete(granted));
        }
    }

    /** @param capacity octets in all */
    public ByteBudget(long capacity) {
        this.capacity = capacity;
    }

    /** Octets that are reserved. */
    public synchronized long used() {
        return used;
    }

    /** Reserves octets at once; empty where they are not free or others wait. */
    public synchronized Optional<Reservation> reserve(long octets) {
        if (!waiters.isEmpty() || octets > capacity - used) {
            return Optional.empty();
        }
        used += octets;
        return Optional.of(new Reservation(octets));
    }

    private synchronized void giveBack(long octets) {
        used -= octets;
        serveWaiters();
    }

    /** Caller holds the lock. */
    private void serveWaiters() {
        while (!waiters.isEmpty() && waiters.peek().octets() <= capacity - used) {
            Waiter next = waiters.remove();
            used += next.octets();
            next.reservation().octets += next.octets();
            next.answer(true);
        }
    }

    /** A session's share. Closing it returns all of it and ends its waiting. */
    public final class Reservation implements AutoCloseable {

        private long octets;
        private boolean closed;

        private Reservation(long octets) {
            this.octets = octets;
        }

        /** Octets it holds. */
        public long octets() {
            synchronized (ByteBudget.this) {
                return octets;
            }
        }

        /**
         * Adds octets, waiting for others to return theirs. To be called on a Vert.x context; completes there.
         *
         * @return whether it was granted before the deadline
         */
        public Future<Boolean> grow(long more, Duration deadline, Vertx vertx) {
            synchronized (ByteBudget.this) {
                if (tryGrow(more)) {
                    return Future.succeededFuture(true);
                }
                if (closed || more > capacity) {
                    return Future.succeededFuture(false);
                }
                Waiter waiter = new Waiter(this, more, vertx.getOrCreateContext(), Promise.promise());
                waiters.add(waiter);
                long timer = vertx.setTimer(Math.max(1, deadline.toMillis()), ignored -> giveUp(waiter));
                return waiter.promise().future().onComplete(ignored -> vertx.cancelTimer(timer));
            }
        }

        /** Adds octets at once; false where they are not free or others wait. */
        public boolean tryGrow(long more) {
            synchronized (ByteBudget.this) {
                if (closed || !waiters.isEmpty() || more > capacity - used) {
                    return false;
                }
                used += more;
                octets += more;
                return true;
            }
        }

        /** Returns what it holds beyond {@code keep} octets. */
        public void shrinkTo(long keep) {
            synchronized (ByteBudget.this) {
                long surplus = octets - keep;
                if (surplus > 0) {
                    octets = keep;
                    giveBack(surplus);
                }
            }
        }

        @Override
        public void close() {
            synchronized (ByteBudget.this) {
                closed = true;
                waiters.removeIf(waiter -> {
                    boolean mine = waiter.reservation() == this;
                    if (mine) {
                        waiter.answer(false);
                    }
                    return mine;
                });
                giveBack(octets);
                octets = 0;
            }
        }

        private void giveUp(Waiter waiter) {
            synchronized (ByteBudget.this) {
                if (waiters.remove(waiter)) {
                    waiter.answer(false);
                    serveWaiters();
                }
            }
        }
    }
}
