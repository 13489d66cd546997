package org.postbus.gateway;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections are open, in all and per address. An IPv6 host usually owns its whole /64, so the /64
 * counts as one address (RFC 6177). Thread-safe.
 */
public final class ConnectionLimits {

    /** From this part of all places on, ... */
    private static final int CROWDED_PERCENT = 80;
    /** ... a client may have one in so many of those it may have else. */
    private static final int CROWDED_SHARE = 10;

    private final int total;
    private final int perAddress;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<Object, Integer> byAddress = new ConcurrentHashMap<>();

    /**
     * @param total      open connections in all
     * @param perAddress open connections of one IPv4 address or IPv6 /64
     */
    public ConnectionLimits(int total, int perAddress) {
        this.total = total;
        this.perAddress = perAddress;
    }

    /** Counts one more connection, unless a limit is reached. */
    boolean admit(InetAddress address) {
        if (open.incrementAndGet() > total) {
            open.decrementAndGet();
            return false;
        }
        int count = byAddress.merge(source(address), 1, Integer::sum);
        if (count > (crowded() ? Math.max(1, perAddress / CROWDED_SHARE) : perAddress)) {
            leave(address);
            return false;
        }
        return true;
    }

    /** Takes back an admission. */
    void leave(InetAddress address) {
        open.decrementAndGet();
        byAddress.computeIfPresent(source(address), (key, count) -> count == 1 ? null : count - 1);
    }

    int open() {
        return open.get();
    }

    /** Whether few places are left, so that nobody should have many of them, or sit on one for long. */
    boolean crowded() {
        return open.get() * 100L > (long) total * CROWDED_PERCENT;
    }

    static Object source(InetAddress address) {
        return address instanceof Inet6Address ? ByteBuffer.wrap(address.getAddress()).getLong() : address;
    }
}
